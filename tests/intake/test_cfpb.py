"""A row of the Bureau's table becomes a complaint, and its recorded end can be followed.

- Columns are found by name: the layouts of all years and of the programming interface read alike.
- Time of receipt is noon in Washington, in summer as in winter.
- Nothing is invented: without a published narrative the complaint says so; referrals are the regulator's.
- A row that is no complaint is refused with the column that is wrong.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.model import Channel, Language
from domain.reading import Unreadable
from intake.cfpb import RecordedResponse, Response, WrongCell, columns, complaint_of, received_at, recorded_response
from tests.intake.files import LAYOUTS

ROW = {
    "complaint_id": "3384392",
    "date_received": "2019-09-24",
    "product": "Debt collection",
    "sub_product": "Other debt",
    "issue": "Attempts to collect debt not owed",
    "sub_issue": "Debt is not yours",
    "consumer_complaint_narrative": "The debt is not mine.",
    "company": "TRANSWORLD SYSTEMS INC",
    "tags": "",
    "submitted_via": "Web",
    "company_response_to_consumer": "Closed with explanation",
    "timely_response": "Yes",
    "consumer_disputed": "N/A",
}


class TestColumns:
    @pytest.mark.parametrize("count", LAYOUTS)
    def test_every_layout_has_the_columns_that_are_used(self, count: int) -> None:
        named = columns(LAYOUTS[count].split(","))
        assert len(named) == len(set(named)) == count
        narrated = {"consumer_complaint_narrative", "tags"} if count >= 18 else set()
        assert set(ROW) - {"consumer_complaint_narrative", "tags"} | narrated <= set(named)

    def test_another_table_is_refused_with_what_is_missing(self) -> None:
        with pytest.raises(Unreadable, match="names no complaint_id, date_received, issue"):
            columns(["Product", "Price"])


class TestComplaint:
    def test_a_row_is_a_complaint(self) -> None:
        made = complaint_of(ROW)
        assert made.reference == "cfpb-3384392"
        assert made.rule_pack == "us-cfpb"
        assert made.channel is Channel.WEB
        assert made.subject.model_dump(exclude={"staff"}) == {
            "product": "Debt collection",
            "business_type": "Other debt",
            "branch": "TRANSWORLD SYSTEMS INC",
        }
        assert made.narrative == "The debt is not mine."
        assert made.summary == "Attempts to collect debt not owed: Debt is not yours (Debt collection)"
        assert (made.vulnerable, made.regulator) == (False, None)

    def test_the_complainant_is_called_by_the_number(self) -> None:
        complainant = complaint_of(ROW).complainant
        assert complainant.name == "Complainant of 3384392"
        assert complainant.customer_number == "cfpb-3384392"
        assert complainant.language is Language.ENGLISH

    @pytest.mark.parametrize("text", ["", "   "])
    def test_without_a_narrative_it_says_so(self, text: str) -> None:
        made = complaint_of(ROW | {"consumer_complaint_narrative": text})
        assert made.narrative == (
            "The consumer's own words were not published. The complaint is about: Attempts to collect debt not owed: "
            "Debt is not yours."
        )

    def test_a_narrative_that_is_too_long_is_cut_and_says_so(self) -> None:
        made = complaint_of(ROW | {"consumer_complaint_narrative": "x" * 40_000})
        assert len(made.narrative) < 25_000
        assert made.narrative.endswith("[cut here; the rest stands in the Bureau's table]")

    def test_optional_cells_may_be_empty(self) -> None:
        made = complaint_of(ROW | {"sub_issue": "", "sub_product": "", "company": ""})
        assert made.summary == "Attempts to collect debt not owed (Debt collection)"
        assert (made.subject.business_type, made.subject.branch) == (None, None)

    @pytest.mark.parametrize(
        ("via", "channel"),
        [
            ("Web", Channel.WEB),
            ("Web Referral", Channel.OTHER),
            ("Phone", Channel.PHONE),
            ("Postal mail", Channel.POST),
            ("Email", Channel.EMAIL),
            ("Fax", Channel.OTHER),
            ("", Channel.OTHER),
            ("Referral", Channel.REGULATOR),
        ],
    )
    def test_the_way_it_came_is_kept(self, via: str, channel: Channel) -> None:
        assert complaint_of(ROW | {"submitted_via": via}).channel is channel

    def test_a_referral_is_the_regulators(self) -> None:
        regulator = complaint_of(ROW | {"submitted_via": "Referral"}).regulator
        assert regulator is not None
        assert regulator.regulator == "Consumer Financial Protection Bureau"
        assert (regulator.their_reference, regulator.reply_due) == ("3384392", None)

    @pytest.mark.parametrize(
        ("tags", "vulnerable"),
        [("Older American", True), ("Older American, Servicemember", True), ("Servicemember", False), ("", False)],
    )
    def test_older_americans_need_special_care(self, tags: str, vulnerable: bool) -> None:
        assert complaint_of(ROW | {"tags": tags}).vulnerable is vulnerable

    @pytest.mark.parametrize("number", ["", "12a", "1 2", "-1", "²"])
    def test_a_number_that_is_none_is_refused(self, number: str) -> None:
        with pytest.raises(WrongCell, match="not a number") as wrong:
            complaint_of(ROW | {"complaint_id": number})
        assert wrong.value.column == "complaint_id"

    @pytest.mark.parametrize(
        ("column", "cell"),
        [
            ("product", ""),
            ("product", "x" * 501),
            ("sub_product", "x" * 501),
            ("company", "x" * 501),
            ("complaint_id", "9" * 90),
        ],
    )
    def test_a_value_that_no_complaint_can_have_is_refused_with_its_column(self, column: str, cell: str) -> None:
        with pytest.raises(WrongCell, match="string should") as wrong:
            complaint_of(ROW | {column: cell})
        assert wrong.value.column == column
        assert cell == "" or cell not in str(wrong.value)


class TestReceipt:
    @pytest.mark.parametrize(
        ("text", "instant"),
        [
            ("2019-07-01", datetime(2019, 7, 1, 16, tzinfo=UTC)),
            ("2019-01-02", datetime(2019, 1, 2, 17, tzinfo=UTC)),
            ("03/10/2019", datetime(2019, 3, 10, 16, tzinfo=UTC)),
            ("2019-07-01T12:00:00-05:00", datetime(2019, 7, 1, 16, tzinfo=UTC)),
        ],
    )
    def test_it_is_noon_in_washington(self, text: str, instant: datetime) -> None:
        assert received_at(text) == instant

    @pytest.mark.parametrize("text", ["", "yesterday", "2019-13-01", "31/12/2019"])
    def test_what_is_no_date_is_refused(self, text: str) -> None:
        with pytest.raises(WrongCell, match="not a date") as wrong:
            received_at(text)
        assert wrong.value.column == "date_received"


class TestRecordedResponse:
    @pytest.mark.parametrize(
        ("words", "response"),
        [
            ("Closed with explanation", Response.EXPLANATION),
            ("Closed with non-monetary relief", Response.NON_MONETARY_RELIEF),
            ("Closed with monetary relief", Response.MONETARY_RELIEF),
            ("Untimely response", Response.UNTIMELY),
            ("In progress", Response.IN_PROGRESS),
            ("Closed", Response.CLOSED),
            ("Closed with relief", Response.MONETARY_RELIEF),
            ("Closed without relief", Response.EXPLANATION),
            ("", None),
            ("Something of next year", None),
        ],
    )
    def test_what_the_company_did(self, words: str, response: Response | None) -> None:
        assert recorded_response(ROW | {"company_response_to_consumer": words}).response is response

    def test_whether_it_was_in_time_and_disputed(self) -> None:
        late = recorded_response(ROW | {"timely_response": "No", "consumer_disputed": "Yes"})
        assert late == RecordedResponse(response=Response.EXPLANATION, timely=False, disputed=True)
        assert recorded_response(ROW).timely
        assert not recorded_response(ROW).disputed
