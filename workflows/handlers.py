"""Signal and update handlers, made from the message models: every payload shape is answered or kept."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue

from domain.decisions import Decision, Receipt
from domain.facts import Fact
from domain.reading import Unreadable, read
from workflows.decisions import Decisions
from workflows.desk import Desk
from workflows.payloads import NO_PAYLOAD, content


class _Case:
    """What the workflow has that its handlers use."""

    desk: Desk
    decisions: Decisions


SignalHandler = Callable[[Any, RawValue], None]
UpdateHandler = Callable[[Any, RawValue], Awaitable[Receipt]]


def fact(model: type[Fact], shape: dict[str, Any]) -> SignalHandler:
    """The signal handler of a fact: synchronous, it only enters the fact, or notes that it could not be read."""

    class Handler(_Case):
        def handle(self, payload: RawValue = NO_PAYLOAD) -> None:
            try:
                self.desk.learn(read(model, content(payload)))
            except Unreadable as why:
                self.desk.learn((model.NAME, str(why)))

    return workflow.signal(name=model.NAME, description=_described(model, shape))(Handler.handle)


def decision(model: type[Decision], shape: dict[str, Any]) -> UpdateHandler:
    """The update handler of a decision, with its validator."""

    class Handler(_Case):
        async def handle(self, payload: RawValue = NO_PAYLOAD) -> Receipt:
            return await self.decisions.take(model, payload)

        def validate(self, payload: RawValue = NO_PAYLOAD) -> None:
            self.decisions.check(model, payload)

    update: Any = workflow.update(name=model.NAME, description=_described(model, shape))(Handler.handle)
    update.validator(Handler.validate)
    return update  # type: ignore[no-any-return]


def _described(model: type[Fact] | type[Decision], shape: dict[str, Any]) -> str:
    """What the Temporal UI shows in its pickers: one sentence and the JSON to send."""
    sentence = (model.__doc__ or "").split("\n\n")[0].strip().replace("``", "")
    return f"{sentence} JSON: {json.dumps(shape, ensure_ascii=False)}"
