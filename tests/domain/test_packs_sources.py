"""Guarantees proved here, for what a rule pack rests on and how its clocks stand to each other:

- what nobody confirmed says so, and time that the law gives rests on law, for every kind of complaint and every rung;
- the law pauses only for what was read, and the complainant is told;
- a promise cannot outlast the law by the way that it begins or moves;
- where a law has provisional credits, no kind of complaint has more time without one.
"""

from __future__ import annotations

import pytest

from tests.domain.broken_packs import Broken, assert_refused

BROKEN = {
    "a kind's rule unconfirmed without saying so": Broken(
        '271.86 and Table 2: 21 calendar days", status = "read"',
        '271.86 and Table 2: 21 calendar days", status = "unconfirmed"',
        "clocks.law.kinds.default_notice.source.citation",
        'must say "unconfirmed"',
        pack="au-rg271",
    ),
    "a kind that has its time from no law": Broken(
        '271.86 and Table 2: 21 calendar days", status = "read"',
        '271.86 and Table 2: 21 calendar days", status = "policy"',
        "clocks.law.kinds.default_notice.source.status",
        "is policy: the clock of the law needs a rule of law as its source",
        pack="au-rg271",
    ),
    "a firm that gives itself more time": Broken(
        'when it expects to", status = "read"',
        'when it expects to", status = "policy"',
        "clocks.law.ladder.0.source.status",
        "is policy: the clock of the law needs a rule of law as its source",
        pack="uk-disp",
    ),
    "a pause of one kind that nobody has read": Broken(
        'to be included as a beneficiary", status = "read"',
        'to be included as a beneficiary", status = "secondary"',
        "clocks.law.kinds.traditional_trustee.may_pause_for.0",
        "lets the law pause on a source that nobody has read: remove it",
        "[[clocks.law.kinds.traditional_trustee.may_pause_for]]",
        pack="au-rg271",
    ),
    "words that a letter must have, unconfirmed without saying so": Broken(
        'source = { citation = "FCA DISP 1.5.4R(1)", status = "read" }',
        'source = { citation = "FCA DISP 1.5.4R(1)", status = "unconfirmed" }',
        "reply.elements.5.source.citation",
        'must say "unconfirmed"',
        pack="uk-disp",
    ),
    "a pause of one kind that nobody is told of": Broken(
        "[letters.en.pause_notice]",
        "[letters.en.credit_reversal]",
        "letters.en.pause_notice",
        "is missing in en: a clock may pause for a reason that the complainant must be told",
        "[letters.en.extension_notice]",
        pack="au-rg271",
    ),
    "a promise that moves on where the law stays": Broken(
        "[clocks.promise]\n",
        '[clocks.promise]\nroll = "next_working_day"\n',
        "clocks.promise.length",
        "12 calendar days can run out after the law's 15 calendar days: promise less",
        "length = { calendar_days = 12 }",
    ),
    "a promise that begins later than the law": Broken(
        "[clocks.promise]\n",
        '[clocks.promise]\nafter_hours = "next_working_day"\n',
        "clocks.promise.length",
        "12 business days can run out after the law's 15 business days: promise less",
        "length = { business_days = 12 }",
        pack="uk-psd",
    ),
    "a law that moves back before the promise": Broken(
        "[clocks.law]\n",
        '[clocks.law]\nroll = "previous_working_day"\n',
        "clocks.promise.length",
        "12 calendar days can run out after the law's 15 calendar days: promise less",
        "length = { calendar_days = 12 }",
        pack="us-cfpb",
    ),
    "more time for one kind without the credit": Broken(
        'needs = "provisional_credit"\nsource = { citation = "12 CFR 1005.11(c)(3)(ii)(B)',
        'source = { citation = "12 CFR 1005.11(c)(3)(ii)(B)',
        "clocks.law.kinds.point_of_sale.ladder.0.needs",
        'must be "provisional_credit" on one rung: the pack has rules of it, and gives more time without',
        "[[clocks.law.kinds.point_of_sale.ladder]]",
        pack="us-reg-e",
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_pack_is_refused_with_its_line_and_its_remedy(broken: Broken) -> None:
    assert_refused(broken)
