"""The eight cases that the handbooks tell, from receipt to the call-back that closes them.

Each is played by the scripted staff through the public interface, against the real server, the real worker and the
stand-in bank over HTTP. What everybody does stands in ``demo/cases``; here is what must be left of it.
"""

from __future__ import annotations

from datetime import datetime

from tests.scenarios.ended import Ended, told
from tests.server import Server


async def test_stuck_transfer(server: Server) -> None:
    """Two departments find the fault, the transfer is cleared by hand, and only then the customer is called."""
    ended = await told(server, "1-stuck-transfer")
    assert ended.asked("investigation", of="department") == ["technology", "operations"]
    kinds = [kind for kind, _, _ in ended.sent]
    assert kinds == ["acknowledgement", "progress", "offer", "final_response"]
    assert "跨行转账已扣款" in ended.letter("acknowledgement"), "the complaint is repeated in the bank's words"
    assert ended.closed.contacts == 1, "the customer had to ask once"
    assert ended.paid == [("50.00", "CNY")]
    assert ended.order_of("offered", "record_customer_answer", "payment_booked", "record_callback") == [
        "offered", "record_customer_answer", "payment_booked", "record_callback",
    ]  # fmt: skip
    cleared = ended.proposals[0]["remedies"][0]
    assert cleared["done_at"] < ended.calls[0]["at"], "called back after the money arrived"
    assert ended.closed.root_causes == ["接口升级的检查单没有覆盖回执队列。"]


async def test_rude_explanation_to_an_elderly_customer(server: Server) -> None:
    """The clerk complained of takes no part, an expert explains, and letters that come back go by post."""
    ended = await told(server, "2-rude-explanation")
    assert [change["reason"] for change in ended.file["tier_changes"]] == ["vulnerable"]
    assert ended.file["recused"] == ["CC-0417"]
    assert ended.order_of("investigation_accepted", "answer_set_aside", "investigation_result") == [
        "investigation_accepted", "answer_set_aside", "investigation_accepted", "investigation_result",
    ]  # fmt: skip
    assert all(finding["by"]["id"] != "CC-0417" for one in ended.file["investigations"] for finding in one["findings"])
    for kind in ("acknowledgement", "offer", "final_response"):
        assert [sent[1:] for sent in ended.sent if sent[0] == kind] == [("email", "bounced"), ("post", "delivered")]
    assert ended.asked("expert_explanation", of="department") == ["product_sales"]
    assert ended.asked("retraining", of="department") == ["call_centre"]
    assert ended.paid == []


async def test_mis_sold_wealth_product(server: Server) -> None:
    """Above the first approver's limit it is refused with the reason; two people with the authority approve it."""
    ended = await told(server, "3-mis-sold-product")
    assert ended.file["tier_changes"][0]["reason"] == "amount"
    approvals = [(one["by"]["id"], one["decision"]) for one in ended.proposals[0]["approvals"]]
    assert approvals == [("EX-0001", "approve"), ("EX-0002", "approve")]
    assert ended.paid == [("51600.00", "CNY")]
    order = ended.order_of("decide_compensation", "offered", "record_customer_answer", "payment_booked")
    assert order == ["decide_compensation", "offered", "record_customer_answer", "payment_booked"]
    _extended_with_notice(ended)


def _extended_with_notice(ended: Ended) -> None:
    """More time from whoever may give it, and only because the customer was told before the old deadline."""
    (move,) = ended.clock("law-1")["moves"]
    notice = next(one for one in ended.file["errands"] if one["id"] == "letter-extension-1")
    assert notice["done_at"] < move["from_due"] < move["to_due"]
    assert ended.clock("promise-1")["due_at"] == ended.clock("law-1")["due_at"], "the notice is the new promise"
    day = datetime.fromisoformat(move["to_due"])
    assert f"{day.year}年" in ended.letter("extension_notice")
    assert len(ended.clock("investigation-product_sales-1")["moves"]) == 1


async def test_insurance_cancelled_after_fifteen_days(server: Server) -> None:
    """A misunderstanding is explained with evidence and costs nothing; the customer's no stays on record."""
    ended = await told(server, "4-insurance-cancelled")
    assert ended.paid == []
    assert {one["department"] for one in ended.file["investigations"]} == {"branch", "partner"}
    assert [change["reason"] for change in ended.file["tier_changes"]] == ["dissatisfied", "decision"]
    assert [(one["status"], one["content"]["final_position"]) for one in ended.proposals] == [
        ("declined", False), ("stated", True), ("declined", False), ("stated", True),
    ]  # fmt: skip
    assert [(call["solved"], call["satisfied"]) for call in ended.calls] == [(False, False), (False, False)]
    assert ended.file["cycles"][0]["answered_at"], "the first answer stays on record"
    assert "人民法院" in ended.letter("final_position"), "the outside remedies are named"
    assert ended.asked("process_fix", of="department") == ["product_sales"], "what could be clearer is made clearer"


async def test_straight_to_the_regulator(server: Server) -> None:
    """The regulator's clock runs beside the law's, the top tier answers, and asking twice is one referral."""
    ended = await told(server, "5-straight-to-regulator")
    assert ended.file["tier_changes"][0]["reason"] == "regulator"
    assert len(ended.file["regulators"]) == 1
    assert ended.clock("regulator-1")["met_at"]
    assert ended.clock("regulator-1")["due_at"] < ended.clock("law-1")["due_at"]
    assert {owner["owner"]["role"] for owner in ended.file["owners"]} == {"manager"}
    assert ended.asked("correction", of="department") == ["branch"]
    assert "道歉" in ended.letter("final_response")


async def test_no_statement_paper(server: Server) -> None:
    """An apology does not satisfy; one tier up, the cause is found and the process mended."""
    ended = await told(server, "6-no-statement-paper")
    assert ended.file["cycles"][0]["assessment"]["first_contact"] is True
    assert [call["satisfied"] for call in ended.calls] == [False, True]
    assert [change["reason"] for change in ended.file["tier_changes"]] == ["dissatisfied"]
    assert ended.closed.root_causes == ["耗材库存没有责任人，也没有最低库存提醒。"]
    assert ended.asked("process_fix", of="department") == ["operations"]
    assert [kind for kind, _, _ in ended.sent].count("final_response") == 2
    first, second = ended.file["cycles"]
    assert first["answered_at"] < first["callback_at"] <= second["started_at"]


async def test_too_many_marketing_calls(server: Server) -> None:
    """The wrong department says so, the late one is reminded and climbs; nobody reached is a supervisor's decision."""
    ended = await told(server, "7-marketing-calls")
    states = {one["id"]: one["state"] for one in ended.file["investigations"]}
    assert states == {"technology-1": "declined", "call_centre-1": "answered", "compliance-1": "answered"}
    assert "call_centre" in ended.asked("reminder")
    assert ended.asked("head_informed") == ["head-of-call_centre"]
    assert [change["reason"] for change in ended.file["tier_changes"]] == ["assessment", "call_centre silent"]
    assert ended.asked("marketing_block", of="department") == ["call_centre"]
    assert [(call["reached"], call["day_part"]) for call in ended.calls] == [
        (False, "morning"), (False, "afternoon"), (False, "evening"),
    ]  # fmt: skip
    assert ended.closed.reached is False
    assert ended.file["cycles"][0]["unreachable_confirmed_by"]["role"] == "supervisor"


async def test_online_trading_does_not_work(server: Server) -> None:
    """The actual loss is paid once, after a slow approver, a counter-offer and a cap; the third call reaches them."""
    ended = await told(server, "8-online-trading")
    assert [one["status"] for one in ended.proposals] == ["countered", "returned", "accepted"]
    assert ended.order_of("next_authority", "decide_compensation")[0] == "next_authority"
    assert ended.proposals[0]["approvals"][0]["by"]["role"] == "executive"
    assert ended.proposals[1]["approvals"][0]["cap"] == {"amount": "3000.00", "currency": "CNY"}
    assert ended.paid == [("3000.00", "CNY")], "once, and what was agreed"
    assert [call["reached"] for call in ended.calls] == [False, False, True]
    assert ended.file["complaint"]["promises"] == ["客户经理：配股缴款前一定电话通知。"]
