"""Guarantees proved here: each way of getting the letters of a pack wrong is refused."""

from __future__ import annotations

import pytest

from tests.domain.broken_packs import Broken, assert_refused

DECISION_REASONS = "二、查明的事实和理由\n$reasons"

BROKEN = {
    "contact in one language": Broken(
        'en = "Complaints desk', '# "Complaints desk', "reply.contact", "has no text in en: add it", "[reply.contact]"
    ),
    "letter twice": Broken(
        "[letters.en.offer]\nsubject",
        "[letters.en.progress]\nsubject",
        "column",
        "valid TOML",
        '[letters.en.progress]\nsubject = "Our proposal',
    ),
    "language without remedies": Broken(
        '"""\nen = """\n1. Within',
        '"""\nfr = """\n1. Within',
        "reply.outside_remedies.fr",
        "should be 'zh' or 'en'",
        'fr = """',
    ),
    "unknown placeholder": Broken(
        "$summary\n\nIf anything",
        "$summary $promise\n\nIf anything",
        "letters.en.acknowledgement.body",
        "$promise is not a placeholder: use one of $answers",
        '[letters.en.acknowledgement]\nsubject = "We\x00body',
    ),
    "stray dollar": Broken(
        'subject = "Progress on',
        'subject = "5 $ progress on',
        "letters.en.progress.subject",
        "write $$ for the sign itself",
    ),
    "decision without reasons": Broken(
        DECISION_REASONS,
        "",
        "letters.zh.final_response.body",
        "must contain $reasons",
        "[letters.zh.final_response]\x00body",
    ),
    "acknowledgement without a date": Broken(
        "You will have our written answer by $reply_by.\n\nYour",
        "Your",
        "letters.en.acknowledgement.body",
        "must contain $reply_by",
        "[letters.en.acknowledgement]\x00body",
    ),
    "word to avoid in a letter": Broken(
        "Do you agree? Please",
        "Do you agree? As Soon as possible, please",
        "letters.en.offer.body",
        'contains "soon"',
        "[letters.en.offer]\x00body",
    ),
    "word to avoid in the contact": Broken(
        'zh = "投诉处理中心，', 'zh = "请尽快联系投诉处理中心，', "reply.contact.zh", 'contains "尽快"'
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_pack_is_refused_with_its_line_and_its_remedy(broken: Broken) -> None:
    assert_refused(broken)
