"""Guarantees proved here: each way of getting the shape, the clocks or the ladders of a pack wrong is refused."""

from __future__ import annotations

import pytest

from tests.domain.broken_packs import Broken, assert_refused

RUNG_30 = "length = { calendar_days = 30 }"
RUNG_60 = "length = { calendar_days = 60 }"
POLICY = 'call-back after the last remedy", status = "policy"'

BROKEN = {
    "not TOML": Broken('title = "China', "title = China", "column", "is not valid TOML"),
    "a key twice": Broken(
        'version = "2026.2"', 'version = "1"\nversion = "2"', "column", "valid TOML", 'version = "2"'
    ),
    "unknown field": Broken("patience =", "patients =", "patients", "not known here: remove it, or correct"),
    "unknown nested field": Broken(
        "accept_within = { business_hours = 8 }\nanswer_within = { business_days = 2 }",
        "accept_within = { business_hours = 8 }\naccept_whithin = { hours = 8 }\nanswer_within = { business_days = 2 }",
        "departments.call_centre.accept_whithin",
        "correct its spelling",
        "accept_whithin",
    ),
    "missing field": Broken(
        "\npatience = { hours = 4 }\n", "\n", "patience", "is missing: add it", "# Complaints to banks"
    ),
    "missing start of validity": Broken(
        "valid_from = 2020-03-01\n", "", "valid_from", "is missing: add it", "# Complaints to banks"
    ),
    "wrong name": Broken('name = "cn-banking"', 'name = "cn-bank"', "name", "the file is called cn-banking"),
    "unknown day type": Broken(
        "progress_every = { calendar_days = 5 }",
        "progress_every = { days = 5 }",
        "progress_every",
        "write one of {hours",
    ),
    "two day types": Broken(
        "patience = { hours = 4 }", "patience = { hours = 4, weeks = 1 }", "patience.weeks", "not known here"
    ),
    "no length": Broken(RUNG_30, "length = { calendar_days = 0 }", "clocks.law.ladder.0.length", "is not a length"),
    "unknown status": Broken(
        POLICY, POLICY.replace("policy", "law"), "clocks.call_back.source.status", "should be 'read'"
    ),
    "unknown clock": Broken("[clocks.offer]", "[clocks.offers]", "clocks.offers", "should be"),
    "clock below another": Broken(
        "[clocks.regulator]\n", "[clocks.offer.regulator]\n", "clocks.offer.regulator", "is not known here"
    ),
    "unknown zone": Broken("Asia/Shanghai", "Asia/Shangai", "calendar.zone", "write one such as Asia/Shanghai"),
    "zone out of the database": Broken("Asia/Shanghai", "../etc/passwd", "calendar.zone", "no IANA time zone"),
    "promise after the law": Broken(
        "length = { calendar_days = 12 }",
        "length = { calendar_days = 16 }",
        "clocks.promise.length",
        "16 calendar days can run out after the law's 15 calendar days: promise less",
    ),
    "promise in business days": Broken(
        "length = { calendar_days = 12 }",
        "length = { business_days = 15 }",
        "clocks.promise.length",
        "15 business days can run out after the law's 15 calendar days",
    ),
    "promise with a ladder past the law": Broken(
        "[clocks.regulator]",
        "[[clocks.promise.ladder]]\nlength = { calendar_days = 61 }\n"
        "reason_codes = ['x']\napprover_roles = ['manager']\n"
        "source = { citation = 'x', status = 'policy' }\n\n[clocks.regulator]",
        "clocks.promise.ladder.0.length",
        "after the law's last 60 calendar days",
        "length = { calendar_days = 61 }",
    ),
    "shrinking ladder": Broken(
        RUNG_60,
        "length = { calendar_days = 20 }",
        "clocks.law.ladder.1.length",
        "20 calendar days is not surely longer than 30 calendar days",
    ),
    "first rung no longer than the clock": Broken(
        RUNG_30, "length = { calendar_days = 14 }", "clocks.law.ladder.0.length", "rungs must grow"
    ),
    "rung in doubtful days": Broken(
        RUNG_30,
        "length = { business_days = 15 }",
        "clocks.law.ladder.0.length",
        "not surely longer than 15 calendar days",
    ),
    "unknown approver": Broken(
        'approver_roles = ["executive"]',
        'approver_roles = [\n  "director",\n]',
        "clocks.law.ladder.1.approver_roles.0",
        "director is no role of this pack: use one of call_back",
        '"director"',
    ),
    "law as policy": Broken(
        "come" + 's from a secondary source", status = "secondary"',
        'comes from a secondary source", status = "policy"',
        "clocks.law.source.status",
        "needs a rule of law as its source",
    ),
    "unconfirmed without saying so": Broken(
        'comes from a secondary source", status = "secondary"',
        'comes from a secondary source", status = "unconfirmed"',
        "clocks.law.source.citation",
        'must say "unconfirmed"',
    ),
    "law that pauses": Broken(
        'complainant being told", status = "read"',
        'complainant being told", status = "secondary"',
        "clocks.law.may_pause_for.0",
        "on a source that nobody has read",
        "[[clocks.law.may_pause_for]]",
    ),
    "call-back as law": Broken(
        POLICY, POLICY.replace('"policy"', '"read"'), "clocks.call_back.source.status", "no statute is known"
    ),
    "call-back after the latest": Broken(
        "length = { business_days = 3 }\nwarn_before = [{ business_days = 1 }]",
        "length = { business_days = 30 }\nwarn_before = [{ business_days = 1 }]",
        "clocks.call_back.length",
        "can outlast call_back_latest (1 month)",
        "length = { business_days = 30 }",
    ),
    "warning before the start": Broken(
        "warn_before = [{ calendar_days = 7 }]",
        "warn_before = [{ calendar_days = 7 }, { months = 1 }]",
        "clocks.call_back_latest.warn_before.1",
        "1 month may be as long as the clock (1 month)",
    ),
    "rare progress": Broken(
        "progress_every = { calendar_days = 5 }",
        "progress_every = { weeks = 3 }",
        "progress_every",
        "must hear of progress",
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_pack_is_refused_with_its_line_and_its_remedy(broken: Broken) -> None:
    assert_refused(broken)
