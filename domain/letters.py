"""Letters to the complainant: composed from the rule pack's templates, and checked before they may be sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from string import Template

from domain import clocks, errands, extensions
from domain.casefile import CaseFile, Credit, Errand, Proposal, Remedy
from domain.clockrules import ClockKind
from domain.effects import LetterKind
from domain.model import Language
from domain.wording import words_to_avoid

POSITIONS = {
    Language.CHINESE: {"upheld": "投诉成立", "partly_upheld": "投诉部分成立", "not_upheld": "投诉不成立"},
    Language.ENGLISH: {
        "upheld": "We uphold your complaint",
        "partly_upheld": "We uphold your complaint in part",
        "not_upheld": "We do not uphold your complaint",
    },
}
PROGRESS = {
    Language.CHINESE: "已向{asked}个部门了解情况，其中{answered}个部门已答复。",
    Language.ENGLISH: "Departments asked for the facts: {asked}. Departments that have answered: {answered}.",
}
ANSWER_BY = {
    Language.CHINESE: "我们会在{day}之前书面答复您。",
    Language.ENGLISH: "You will have our written answer by {day}.",
}
WORD_BY = {
    Language.CHINESE: "我们会在{day}之前再次告知您进展。",
    Language.ENGLISH: "You will hear from us again by {day}.",
}
"""Where no deadline of the answer runs: it is broken already, or stands still."""
COVERED = {
    Language.CHINESE: "{money}，其中{covered}此前已临时入账，现确定归您所有",
    Language.ENGLISH: "{money}, of which {covered} was credited provisionally and is now final",
}
WITHDRAWN = {Language.CHINESE: "您撤回了投诉。", Language.ENGLISH: "You withdrew the complaint."}
NOTHING = {Language.CHINESE: "无", Language.ENGLISH: "none"}


def compose(file: CaseFile, kind: LetterKind, errand: Errand | None = None) -> tuple[str, str]:
    """Subject and text of a letter, from what the file holds."""
    clock = clocks.find(file, errand.subject) if errand else None
    language, template = file.pinned().language, file.pinned().letter(kind, clock.pack if clock else "")
    if template is None:
        raise RuntimeError(f"the rule packs have no letter {kind}")
    values = _values(file, language, errand)
    return Template(template.subject).safe_substitute(values), Template(template.body).safe_substitute(values)


def _values(file: CaseFile, language: Language, errand: Errand | None) -> dict[str, str]:
    complaint, reply = file.complaint, file.pinned().pack.reply
    assessment = file.cycle.assessment
    reply_by = extensions.promised_after(file, errand.id) if errand else clocks.next_word(file)
    values = {
        "name": complaint.representative.name if complaint.representative else complaint.complainant.name,
        "reference": complaint.reference,
        "summary": assessment.summary if assessment else complaint.summary,
        "reply_by": day(file, reply_by, language),
        "next_word": _next_word(file, reply_by, language),
        "contact": reply.contact[language],
        "outside_remedies": file.pinned().outside_remedies,
        "progress": progress(file, language),
        "law_by": day(file, clocks.law(file).due_at, language),
        "reason": errand.text if errand else "",
        "position": "", "reasons": "", "answers": "", "remedies": NOTHING[language], "offer_by": "",
    }  # fmt: skip
    proposal = file.cycle.proposal
    if proposal:
        values |= _proposal_values(file, proposal, language)
    credit = errands.credit(file, errand.subject) if errand else None
    return values | _credit_values(file, credit, language) if credit else values


def _next_word(file: CaseFile, by: datetime, language: Language) -> str:
    sentences = ANSWER_BY if clocks.next_reply_deadline(file) else WORD_BY
    return sentences[language].format(day=day(file, by, language))


def _credit_values(file: CaseFile, credit: Credit, language: Language) -> dict[str, str]:
    """The credit, and what is taken back of it: with the reasons of the proposal that decided so."""
    decided = (proposal for proposal in errands.all_proposals(file) if proposal.id == credit.proposal)
    return {
        "credit": str(credit.money),
        "credited_on": day(file, credit.credited_at, language) if credit.credited_at else "",
        "debit": str(credit.debit or ""),
        "debited_on": day(file, credit.debit_on, language) if credit.debit_on else "",
        "reasons": next((proposal.content.reasons for proposal in decided), WITHDRAWN[language]),
    }


def _proposal_values(file: CaseFile, proposal: Proposal, language: Language) -> dict[str, str]:
    content = proposal.content
    promised = [remedy for remedy in proposal.remedies if not remedy.dropped]
    remedies = [f"- {remedy.description}" + _sum(remedy, language) for remedy in promised]
    offer = clocks.find(file, f"{ClockKind.OFFER}-{proposal.id}")
    return {
        "position": POSITIONS[language][proposal.position],
        "reasons": content.reasons,
        "answers": "\n".join(f"- {answer.point}: {answer.answer}" for answer in content.answers),
        "remedies": "\n".join(remedies) or NOTHING[language],
        "offer_by": day(file, offer.due_at, language) if offer else "",
    }


def _sum(remedy: Remedy, language: Language) -> str:
    if remedy.covered:
        return f" ({COVERED[language].format(money=remedy.money, covered=remedy.covered)})"
    return f" ({remedy.money})" if remedy.money else ""


def progress(file: CaseFile, language: Language) -> str:
    """How far the departments have come, without naming them or their findings."""
    asked = [inquiry for inquiry in file.investigations if inquiry.cycle == file.cycle.number]
    return PROGRESS[language].format(asked=len(asked), answered=sum(not inquiry.open for inquiry in asked))


def day(file: CaseFile, instant: datetime, language: Language) -> str:
    """A date as people of that language write it, by the firm's wall clock."""
    local = file.pinned().calendar.local(instant)
    if language is Language.CHINESE:
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {local:%B %Y}"


def missing_elements(file: CaseFile, body: str) -> Iterator[str]:
    """What a final response lacks: reasons, an answer to every point, the outside remedies, the contact (art. 18)."""
    language = file.pinned().language
    reply, proposal = file.pinned().pack.reply, file.cycle.proposal
    if proposal is None or proposal.content.reasons not in body:
        yield "reasons"
    answered = {answer.point for answer in proposal.content.answers} if proposal else set()
    points = file.cycle.assessment.points if file.cycle.assessment else []
    yield from (f"answer to: {point}" for point in points if point not in answered or point not in body)
    if file.pinned().outside_remedies not in body:
        yield "outside remedies"
    if reply.contact[language] not in body:
        yield "contact"


def avoid_word(file: CaseFile, *texts: str) -> str | None:
    """The first word of the avoid-list that stands in a text."""
    avoided = file.pinned().pack.reply.avoid_words.values()
    found = (word for words in avoided for text in texts for word in words_to_avoid(text, words))
    return next(found, None)
