"""Guarantees proved here: each way of getting wrong what only some regimes have is refused.

Kinds of complaint, windows, referrals, open ladders, provisional credits, remedies without consent, places, announced
days, required words.
"""

from __future__ import annotations

import pytest

from domain.calendar_checks import check_calendar
from tests.domain.broken_packs import GOOD, Broken, assert_refused, shipped

LAW_LADDER = "[[clocks.law.ladder]]\n"
AUTHORITIES = GOOD[GOOD.index('    "PBOC"') : GOOD.index(']\nsource = { citation = "PBOC order')]
WINDOW = 'ends = "close_of_business"\n'

BROKEN = {
    # clocks
    "a warning longer than one kind's time": Broken(
        'length = { calendar_days = 21 }\nsource = { citation = "ASIC RG 271.86',
        'length = { calendar_days = 7 }\nsource = { citation = "ASIC RG 271.86',
        "clocks.law.kinds.default_notice.warn_before.0",
        "7 calendar days may be as long as the clock (7 calendar days)",
        "[clocks.law.kinds.default_notice]",
        pack="au-rg271",
    ),
    "a promise that suits no longer one kind": Broken(
        "[clocks.promise.kinds.hardship]\nlength = { calendar_days = 16 }",
        "[clocks.promise.kinds.hardship]\nlength = { calendar_days = 22 }",
        "clocks.promise.kinds.hardship.length",
        "22 calendar days can run out after the law's 21 calendar days: promise less",
        "length = { calendar_days = 22 }",
        pack="au-rg271",
    ),
    "a kind that the promise forgot": Broken(
        "[clocks.promise.kinds.default_notice]",
        "[clocks.promise.kinds.defaulted]",
        "clocks.promise.kinds.default_notice.length",
        "25 calendar days can run out after the law's 21 calendar days",
        "[clocks.promise.kinds.hardship]",
        pack="au-rg271",
    ),
    "a kind with a length and without a clock": Broken(
        'not_for = ["hardship", "insurance_claim", "superannuation_trustee", "response_in_writing"]',
        'not_for = ["hardship"]\nkinds = { hardship = { length = { business_days = 9 }, source = '
        '{ citation = "x", status = "policy" } } }',
        "clocks.short_settlement.not_for",
        "hardship has a length of its own under kinds: keep one of the two",
        'not_for = ["hardship"]',
        pack="au-rg271",
    ),
    "a kind without the clock of the law": Broken(
        LAW_LADDER,
        'not_for = ["gift_card"]\n\n' + LAW_LADDER,
        "clocks.law.not_for",
        "every complaint needs this clock, remove it",
        'not_for = ["gift_card"]',
        pack="uk-disp",
    ),
    "a referral from nobody": Broken(
        AUTHORITIES,
        "",
        "clocks.referral.regulators",
        "names the authorities of a referral, and belongs to that clock alone: mend it",
        "regulators = [",
    ),
    "authorities of a clock that is no referral": Broken(
        "[clocks.promise]\n",
        '[clocks.promise]\nregulators = ["PBOC"]\n',
        "clocks.promise.regulators",
        "names the authorities of a referral, and belongs to that clock alone: mend it",
        'regulators = ["PBOC"]\n',
    ),
    "a promise kept by a determination": Broken(
        "[clocks.promise]\n",
        '[clocks.promise]\nmet_by = "determination"\n',
        "clocks.promise.met_by",
        "belongs to the law's clock alone: remove it",
        'met_by = "determination"\n',
    ),
    "a window that closes on the day it opens": Broken(
        WINDOW,
        WINDOW + 'count_from = "same_day"\n',
        "clocks.short_settlement.ends",
        'would run out before it starts: set after_hours = "next_working_day"',
        WINDOW,
        pack="uk-disp",
        file="shared/uk.toml",
    ),
    "an open rung before another": Broken(
        LAW_LADDER,
        LAW_LADDER + 'reason_codes = ["x"]\napprover_roles = ["manager"]\n'
        'source = { citation = "x", status = "read" }\n\n' + LAW_LADDER,
        "clocks.law.ladder.0.length",
        "is missing: only the last rung may leave its time to the notice",
        LAW_LADDER,
        pack="uk-psd",
    ),
    "an open promise under a law that is not": Broken(
        f"# {'-' * 105} letters",
        '[[clocks.promise.ladder]]\nreason_codes = ["x"]\napprover_roles = ["manager"]\n'
        'source = { citation = "x", status = "policy" }\n',
        "clocks.promise.ladder.0.length",
        "can run out after the law's last 35 business days",
        "[[clocks.promise.ladder]]",
        pack="uk-psd",
    ),
    "an extension for a credit that has no rules": Broken(
        "length = { calendar_days = 60 }\n",
        'length = { calendar_days = 60 }\nneeds = "provisional_credit"\n',
        "clocks.law.ladder.0.needs",
        "the pack has no rules of it: add provisional_credit",
        'needs = "provisional_credit"',
        pack="us-cfpb",
    ),
    "an unknown need": Broken(
        'needs = "provisional_credit"\nsource = { citation = "12 CFR 1005.11(c)(2)',
        'needs = "a credit"\nsource = { citation = "12 CFR 1005.11(c)(2)',
        "clocks.law.ladder.0.needs",
        "should be 'notice' or 'provisional_credit', not 'a credit'",
        pack="us-reg-e",
    ),
    "a credit that nobody is told of": Broken(
        "[clocks.credit_notice]",
        "[clocks.call_back]",
        "clocks.credit_notice",
        "is missing: the complainant must be told of a provisional credit",
        "[clocks.law]",
        pack="us-reg-e",
    ),
    "no consent and no rule for that": Broken(
        "needed = false\nsource = ",
        "needed = false\n# source = ",
        "consent.source",
        "is missing: name the rule that has errors corrected without asking",
        "[consent]",
        pack="us-reg-e",
    ),
    "a credit that waits for consent": Broken(
        "needed = false\n",
        "needed = true\n",
        "consent.needed",
        "must be false: what becomes of a provisional credit cannot wait for an answer",
        pack="us-reg-e",
    ),
    "no consent and no time to correct": Broken(
        "[clocks.correction]",
        "[clocks.offer]",
        "clocks.correction",
        "is missing: what is done without consent needs its own time",
        "[clocks.law]",
        pack="us-reg-e",
    ),
    "no consent and no time to report": Broken(
        "[clocks.report]",
        "[clocks.offer]",
        "clocks.report",
        "is missing: what is done without consent needs its own time",
        "[clocks.law]",
        pack="us-reg-e",
    ),
    # calendar
    "a place in no zone": Broken(
        "Atlantic/Reykjavik",
        "Atlantic/Reykjavig",
        "calendar.places.IS.zone",
        "'Atlantic/Reykjavig' is no IANA time zone",
        pack="eu-psd2",
    ),
    "a place by its name": Broken(
        "AU-VIC = {",
        "Victoria = {",
        "calendar.places.Victoria",
        "is no ISO 3166 code: write one such as GB, or GB-SCT for a part of it",
        pack="au-rg271",
    ),
    "a day announced for another year": Broken(
        "worked = [2026-07-03]",
        "worked = [2025-07-03]",
        "calendar.announced.2026.worked",
        "2025-07-03 is not in 2026: write it under its own year",
        pack="us-reg-e",
    ),
    "a Friday that makes up for a holiday": Broken(
        "worked = [2026-07-03]",
        'makeup_days = { 2026-07-03 = "Independence Day" }',
        "calendar.announced.2026.makeup_days",
        "2026-07-03 is a Friday: only weekend days make up for holidays",
        pack="us-reg-e",
    ),
    "business hours that begin at no hour": Broken(
        "opens = 09:00:00\n",
        "",
        "calendar.opens",
        "is missing: something is counted in business hours, so write one such as 09:00:00",
        "[calendar]",
    ),
    "business hours of less than half a day": Broken(
        "closes = 18:00:00\n", "closes = 12:59:00\n", "calendar.closes", "must be at least 4 hours after opens (09:00)"
    ),
    # letters
    "a language without letters": Broken(
        'language = "en"',
        'language = "zh"',
        "language",
        "is zh, but the pack has no letters in it: add them, or name another",
        pack="uk-disp",
    ),
    "a pause that nobody is told of": Broken(
        "[letters.en.pause_notice]",
        "[letters.en.short_settlement]",
        "letters.en.pause_notice",
        "is missing in en: a clock may pause for a reason that the complainant must be told",
        "[letters.en.acknowledgement]",
    ),
    "a window without its letter": Broken(
        "[letters.en.short_settlement]",
        "[letters.en.credit_reversal]",
        "letters.en.short_settlement",
        "is missing in en: complaints may be settled within the clock short_settlement",
        "[letters.en.extension_notice]",
        pack="au-rg271",
    ),
    "a credit without its letter": Broken(
        "[letters.en.credit_reversal]",
        "[letters.en.pause_notice]",
        "letters.en.credit_reversal",
        "is missing in en: the pack has rules of provisional credits",
        "[letters.en.provisional_credit]",
        pack="us-reg-e",
    ),
    "a reversal without its reasons": Broken(
        "What we found\n$reasons\n",
        "",
        "letters.en.credit_reversal.body",
        "must contain $reasons",
        "[letters.en.credit_reversal]\x00body",
        pack="us-reg-e",
    ),
    "a not-yet letter that keeps the ombudsman back": Broken(
        "You may now refer your complaint to the Financial Ombudsman Service, free of charge. You",
        "You may complain elsewhere. You",
        "letters.en.extension_notice.body",
        'must say "You may now refer your complaint to the Financial Ombudsman Service"',
        "[letters.en.extension_notice]\x00body",
        pack="uk-disp",
    ),
    "a short letter that does not say what it is": Broken(
        "We now consider your complaint resolved.",
        "Goodbye.",
        "letters.en.short_settlement.body",
        'must say "We now consider your complaint resolved" (that the firm considers',
        "[letters.en.short_settlement]\x00body",
        pack="uk-psd",
        file="shared/uk.toml",
    ),
    "an acknowledgement without the law's date": Broken(
        "our final response by $law_by, eight",
        "our final response, eight",
        "letters.en.acknowledgement.body",
        'must say "final response by $law_by"',
        "[letters.en.acknowledgement]\x00body",
        pack="uk-disp",
    ),
    "required words that a language lacks": Broken(
        'text = { en = "GPO Box 3',
        'text = { zh = "GPO Box 3',
        "reply.elements.1.text",
        "has no text in en, but the pack has letters in it: add it",
        pack="au-rg271",
    ),
    "required words for no letter": Broken(
        'letters = ["extension_notice"]',
        "letters = []",
        "reply.elements.1.letters",
        "should have at least 1 item",
        pack="uk-disp",
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_pack_is_refused_with_its_line_and_its_remedy(broken: Broken) -> None:
    assert_refused(broken)


def test_a_clock_that_ends_with_business_needs_the_hour_at_which_that_closes() -> None:
    pack = shipped("uk-psd")
    calendar = pack.calendar.model_copy(update={"closes": None})
    said = dict(check_calendar(pack.model_copy(update={"calendar": calendar})))
    assert said == {
        ("calendar", "closes"): "is missing: the clock short_settlement asks for it, so write one such as 17:00:00"
    }
