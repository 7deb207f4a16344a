"""The complaint as an intake system hands it over: the one input of ``ComplaintWorkflow``."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from domain.model import (
    Channel,
    Crowd,
    Evidence,
    Identifier,
    Instant,
    Language,
    LongText,
    Model,
    Money,
    PlaceCode,
    ShortText,
    Staff,
)


class Complainant(Model):
    """Who complains. The bank's directory knows the addresses; they never travel through the workflow."""

    name: ShortText
    """As it should stand in letters."""
    customer_number: Identifier | None = None
    """The bank's number of this customer; empty for somebody who is not a customer."""
    channels: list[Channel] = Field(default=[Channel.EMAIL, Channel.POST], min_length=1, max_length=5)
    """How to reach them, best first. When a letter bounces, the next one is tried."""
    language: Language | None = None
    """Language of the letters; the rule pack's own when empty."""


class Representative(Model):
    """Somebody who complains for the customer: an agent with a signed authorisation, or an heir."""

    name: ShortText
    """As it should stand in letters."""
    capacity: ShortText
    """Attorney, guardian, heir, family member with authorisation."""
    customer_number: Identifier | None = None
    """The bank's number of them, by which its directory knows their addresses; empty for somebody it does not know."""
    channels: list[Channel] = Field(default=[], max_length=5)
    """How to reach them, best first: then every letter goes to them. Empty: letters go to the complainant."""


class Subject(Model):
    """What, where and whom the complaint is about."""

    product: ShortText
    """Product or service complained of."""
    business_type: ShortText | None = None
    """Finer classification used by the bank or the regulator."""
    branch: ShortText | None = None
    """Branch or unit where it happened."""
    staff: list[Identifier] = Field(default=[], max_length=20)
    """Staff ids complained of: none of them may handle, investigate, approve or call back."""


class RegulatorReferral(Model):
    """A complaint that reached the bank through its regulator."""

    regulator: ShortText
    """Which authority forwarded it."""
    their_reference: Identifier
    """The authority's own file number."""
    reply_due: Instant | None = None
    """When the authority wants its answer; the rule pack's time applies when it named none."""


class Complaint(Model):
    """One complaint as received. Opening the same reference again is the same complaint."""

    reference: Identifier
    """The bank's complaint number; the workflow id is ``complaint-<reference>``."""
    received_at: Instant
    """When the complaint reached the bank, with offset. The clocks in law start from it."""
    channel: Channel
    """How it reached the bank."""
    complainant: Complainant
    """Who complains."""
    representative: Representative | None = None
    """Who acts for them, if anybody; identity is then verified with an authorisation."""
    subject: Subject
    """What is complained of."""
    narrative: LongText
    """What happened, in the customer's own words."""
    summary: ShortText
    """What happened, in the bank's words, without personal data: repeated back in the acknowledgement."""
    wishes: ShortText | None = None
    """What the customer wants."""
    promises: list[ShortText] = Field(default=[], max_length=20)
    """Promises that staff made to the customer before."""
    happened_on: date | None = None
    """When it happened."""
    amount: Money | None = None
    """Amount in dispute; large amounts go to a higher tier at once."""
    people: Crowd = 1
    """How many people complain together; a crowd is a major complaint."""
    media: bool = False
    """Whether the press or social media are involved."""
    vulnerable: bool = False
    """Elderly, disabled or otherwise in need of special care."""
    regulator: RegulatorReferral | None = None
    """Set when the regulator forwarded it."""
    received_by: Staff | None = None
    """Who took the complaint; becomes its first owner when the role allows it."""
    jurisdiction: PlaceCode | None = None
    """Whose law applies: ISO 3166 code of the country, such as GB, or of the part of it whose holidays count, such as
    GB-SCT. Empty for the bank's own."""
    kind: Identifier | None = None
    """The kind of complaint, where the law's times differ by it, such as hardship; empty for the ordinary one."""
    rule_pack: Identifier | None = None
    """Name of the rule pack whose deadlines and authorities lead. Empty: chosen by jurisdiction, product and channel.
    Pinned when the complaint is opened."""
    also_under: list[Identifier] = Field(default=[], max_length=5)
    """Further rule packs whose clocks run beside, in addition to those chosen by rule."""
    evidence: list[Evidence] = Field(default=[], max_length=100)
    """What came with the complaint."""

    @property
    def addressee(self) -> Complainant:
        """To whom letters go: the representative, where it is known how to reach them, else the complainant."""
        agent = self.representative
        if agent is None or not agent.channels:
            return self.complainant
        reached_by = {"name": agent.name, "customer_number": agent.customer_number, "channels": agent.channels}
        return self.complainant.model_copy(update=reached_by)
