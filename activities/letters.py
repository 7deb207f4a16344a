"""The letter and message system: what the bank writes to complainants, with proof of delivery."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.bank_http import BankFailure, BankSystem
from activities.contract import Letter, LetterState
from domain.effects import Delivery, LetterOrder, LetterOutcome


class Letters:
    """Sends letters, and comes back until each one is delivered or bounced."""

    def __init__(self, system: BankSystem) -> None:
        self._system = system

    @activity.defn
    async def send_letter(self, order: LetterOrder) -> LetterOutcome:
        """Send a letter once; while it is under way, ask again with the next attempt."""
        repeated = activity.info().attempt > 1
        letter = await self._system.find("/letters", order.key, Letter) if repeated else None
        if letter is None:
            letter = await self._ordered(order)
        if letter.state is LetterState.UNDER_WAY:
            raise ApplicationError(
                f"letter {order.key} is under way",
                type=BankFailure.LETTER_UNDER_WAY,
                next_retry_delay=timedelta(seconds=letter.ask_again_after_seconds),
                category=ApplicationErrorCategory.BENIGN,
            )
        return LetterOutcome(letter_id=letter.letter_id, delivery=Delivery(letter.state), at=letter.at)

    async def _ordered(self, order: LetterOrder) -> Letter:
        """Order a letter; one that went out under this key before, in the words of that day, is the letter."""
        try:
            return await self._system.order("/letters", order, order.key, Letter)
        except ApplicationError as refused:
            if refused.type != BankFailure.KEY_REUSED:
                raise
            letter = await self._system.find("/letters", order.key, Letter)
            if letter is None:
                raise
            return letter
