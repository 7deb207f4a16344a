"""What happens outside the browser: complaints are opened, departments and colleagues send their messages."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from anyio.from_thread import BlockingPortal

from client.gateway import open_complaint, read_complaint
from domain.complaint import Complaint
from tests.server import Case, Server, complaint

OWNER = {"id": "FL-0021", "role": "first_line"}
SPECIALIST = {"id": "CS-0107", "role": "specialist"}
MANAGER = {"id": "MG-0003", "role": "manager"}
TECHNICIAN = {"id": "IT-0310", "role": "department_staff"}
CLEARER = {"id": "OP-0045", "role": "department_staff"}

POINT = "转账的钱在哪里？"


class Desk:
    """Complaints worked on while an operator looks at them."""

    def __init__(self, portal: BlockingPortal, server: Server) -> None:
        self._portal = portal
        self._server = server

    def open(self, reference: str, **changes: Any) -> Case:
        """A complaint that has just come in."""
        return self._portal.call(self._open, read_complaint(json.dumps(complaint(reference, **changes)).encode()))

    async def _open(self, new: Complaint) -> Case:
        """As the command line opens it; the UI's addresses hold the id of the run."""
        receipt = await open_complaint(self._server.client, new)
        run = (await self._server.client.get_workflow_handle(receipt.workflow_id).describe()).run_id
        handle = self._server.client.get_workflow_handle(receipt.workflow_id, run_id=run)
        return Case(self._server.env, handle, new.reference)

    def decide(self, case: Case, update: str, **message: Any) -> None:
        """A colleague decides something."""
        self._portal.call(partial(case.decide, update, **message))

    def tell(self, case: Case, signal: str, **message: Any) -> None:
        """A fact arrives."""
        self._portal.call(partial(case.tell, signal, **message))

    def file(self, case: Case) -> dict[str, Any]:
        """The case file."""
        return self._portal.call(case.file)

    def tasks(self, case: Case) -> list[dict[str, Any]]:
        """Whose turn it is."""
        return self._portal.call(case.tasks)

    def deadlines(self, case: Case) -> dict[str, dict[str, Any]]:
        """The clocks by their ids."""
        return self._portal.call(case.deadlines)

    def investigated(self, reference: str) -> Case:
        """A stuck transfer: technology has accepted the investigation, operations have not."""
        case = self.open(reference)
        self.decide(case, "verify_identity", by=OWNER, verified=True, method="app login")
        self.decide(
            case, "assess", by=OWNER, nature="system_fault", summary="转账已扣款，收款人未收到。", points=[POINT]
        )
        for department in ("technology", "operations"):
            self.decide(case, "request_investigation", by=OWNER, department=department, question="转账停在哪里？")
        self.tell(case, "investigation_accepted", investigation="technology-1", by=TECHNICIAN)
        return case

    def proposed(self, reference: str) -> Case:
        """The same, with both findings in and money proposed that a specialist may approve."""
        case = self.investigated(reference)
        for department, by in (("technology", TECHNICIAN), ("operations", CLEARER)):
            found = {"final": True, "finding": "接口故障。", "responsibility": "firm"}
            self.tell(case, "investigation_result", investigation=f"{department}-1", by=by, **found)
        self.decide(
            case, "propose_resolution", by=OWNER, position="upheld", responsibility="firm", reasons="接口故障。",
            answers=[{"point": POINT, "answer": "已人工清算，今天到账。"}],
            remedies=[
                {"kind": "voucher", "description": "手续费券", "money": {"amount": "50.00", "currency": "CNY"}},
                {"kind": "correction", "description": "人工清算", "department": "operations"},
            ],
        )  # fmt: skip
        return case
