"""The customer directory: who complains, and what they complained of before."""

from __future__ import annotations

import base64
import hashlib
import hmac

from pydantic import SecretStr
from temporalio import activity

from activities.bank_http import BankSystem
from activities.contract import CustomerAnswer, CustomerLookup
from domain.effects import CustomerQuery, CustomerRecord

EARLIER_COMPLAINTS_KEPT = 100


class Directory:
    """Looks complainants up, and turns customer numbers into keys that name nobody."""

    def __init__(self, system: BankSystem, secret: SecretStr) -> None:
        self._system = system
        self._secret = secret.get_secret_value().encode()

    @activity.defn
    async def look_up_customer(self, query: CustomerQuery) -> CustomerRecord:
        """Ask the directory about a complainant, and note the complaint with them.

        Somebody without a customer number is never looked up by name: two people may share it.
        """
        number = query.complainant.customer_number
        if number is None:
            return CustomerRecord(known=False, customer_key=self._key(f"complaint:{query.reference}"))
        answer = await self._system.ask(
            "/customers/lookups", CustomerLookup(reference=query.reference, customer_number=number), CustomerAnswer
        )
        return CustomerRecord(
            known=answer.known,
            customer_key=self._key(f"customer:{number}"),
            earlier_complaints=answer.earlier_complaints[-EARLIER_COMPLAINTS_KEPT:],
            vulnerable=answer.vulnerable,
        )

    def _key(self, subject: str) -> str:
        """Keyed hash of 160 bits in 32 characters: cannot be turned back, nor tried out without the secret.

        Of the customer number; for somebody without one, of the complaint, so that strangers of one name stay apart.
        """
        digest = hmac.digest(self._secret, subject.encode(), hashlib.sha256)
        return base64.b32encode(digest[:20]).decode().lower()
