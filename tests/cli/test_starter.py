"""The command line opens, tells and shows complaints.

- Exit codes are stable: 0 done, 1 refused, 2 not there or wrong usage; and never a traceback.
- A refusal is printed as it came, with its code; for machines as JSON on standard output, and nothing else there.
- What customers and staff wrote is printed as it is.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from activities.archive import Archive
from client.connection import connect
from client.gateway import case_file, open_complaint, send
from domain.refusals import refuse
from embedded.process import ROOT, free_port
from tests.activities.archived import archive_order
from tests.cli.conftest import Starter, starter_in
from tests.complaints import complaint, complaint_json
from tests.server import Server
from tests.temporal_server import at
from workflows.names import workflow_id

COMMANDS = ("open", "import", "show", "tasks", "list", "timeline", "send", "messages", "deadlines", "demo")
STAFF = {"id": "e-1", "role": "first_line"}
NOTE = json.dumps({"by": STAFF, "text": "called"})
VERIFY = json.dumps({"by": STAFF, "verified": True, "method": "app login"})


@pytest.fixture
async def reference(server: Server) -> str:
    """A complaint at work, opened within this process to save time."""
    client = await connect(at(server.client.service_client.config.target_host))
    new = complaint()
    await open_complaint(client, new)
    await send(client, new.reference, "add_note", NOTE)
    return new.reference


class TestUsage:
    async def test_help_names_every_command(self, run: Starter) -> None:
        said = await run("--help")
        assert said.code == 0
        assert all(command in said.out for command in COMMANDS)

    @pytest.mark.parametrize("words", [["open"], ["close", "X"], ["import", "f", "--limit", "0"], ["send", "R"]])
    async def test_wrong_usage_has_an_exit_code_of_its_own(self, run: Starter, words: list[str]) -> None:
        assert (await run(*words)).code == 2

    async def test_no_server_is_one_sentence(self, tmp_path: Path) -> None:
        address = f"127.0.0.1:{free_port(0)}"
        said = await starter_in(at(address), tmp_path)("tasks")
        assert (said.code, said.out) == (2, "")
        assert said.err == (
            f"No Temporal server answers at {address} (connection refused); start it, or set TEMPORAL_ADDRESS.\n"
        )

    async def test_a_file_that_is_not_there_is_named(self, idle: Starter) -> None:
        for command in ("open", "import"):
            said = await idle(command, "nothing.json")
            assert said.code == 2
            assert said.err.endswith("nothing.json cannot be used: No such file or directory.\n")


class TestOpening:
    async def test_a_complaint_is_opened_once(self, idle: Starter) -> None:
        given = complaint_json()
        first = await idle("open", "-", given=json.dumps(given))
        again = await idle("open", "-", given=json.dumps(given))
        assert (first.code, first.out) == (0, f"{given['reference']}: The complaint is open.\n")
        assert again.code == 0
        assert "is open already, at stage 'received', with the same content." in again.out

    async def test_one_that_the_archive_knows_is_not_opened_again(self, bare: dict[str, str], tmp_path: Path) -> None:
        order, url = archive_order("OLD-1"), f"sqlite:///{tmp_path}/archive.db"
        archive = await Archive.open(url)
        await archive.archive_complaint(order)
        await archive.close()
        said = await starter_in(bare | {"COMPLAINTS_ARCHIVE_URL": url}, tmp_path)(
            "open", "-", "--json", given=order.complaint.model_dump_json()
        )
        assert (said.json["opened"], said.json["stage"], said.json["same_content"]) == (False, "closed", True)
        assert said.json["note"] == "The reference OLD-1 was closed on 2026-03-23 (satisfied), with the same content."

    async def test_for_machines_the_receipt_is_json(self, idle: Starter) -> None:
        given = complaint_json()
        receipt = (await idle("open", "-", "--json", given=json.dumps(given))).json
        assert (receipt["reference"], receipt["opened"]) == (given["reference"], True)

    async def test_the_example_of_the_first_start_can_be_opened_again_and_again(self, idle: Starter) -> None:
        example = str(ROOT / "demo" / "own-complaint.json")
        assert (await idle("open", example)).code == 0
        assert "with the same content" in (await idle("open", example)).out

    async def test_what_is_no_complaint_is_refused(self, idle: Starter) -> None:
        said = await idle("open", "-", "--json", given='{"reference": "R"}')
        assert said.code == 1
        assert said.json["refused"]["code"] == "unreadable"
        assert "received_at" not in said.json["refused"]["sentence"]
        assert "narrative is missing" in said.err


class TestSending:
    async def test_a_decision_is_answered(self, run: Starter, reference: str) -> None:
        said = await run("send", reference, "verify_identity", VERIFY)
        assert said.code == 0
        assert said.out.startswith(f"{reference} is ")
        assert "The identity is verified" in said.out

    async def test_a_refusal_is_printed_as_it_came(self, run: Starter, reference: str) -> None:
        known = refuse("no_such_tier", top=3, tier=9)
        escalate = json.dumps({"by": STAFF, "to_tier": 9, "reason": "wide"})
        for_people = await run("send", reference, "escalate", escalate)
        assert (for_people.code, for_people.out) == (1, "")
        assert for_people.err == f"Refused ({known.code}): {known.sentence}\n"
        for_machines = await run("send", reference, "escalate", escalate, "--json")
        assert for_machines.json == {"refused": known.model_dump()}

    async def test_it_may_come_from_a_file_or_a_pipe(self, run: Starter, reference: str, tmp_path: Path) -> None:
        note = json.dumps({"by": STAFF, "message_id": "n-1", "text": "called"})
        (tmp_path / "note.json").write_text(note)
        assert (await run("send", reference, "add_note", "@note.json")).code == 0
        again = await run("send", reference, "add_note", "-", given=note)
        assert (again.code, "nothing was done twice" in again.out) == (0, True)

    async def test_a_fact_is_taken_in(self, run: Starter, reference: str) -> None:
        contact = {"message_id": "c-1", "channel": "phone", "summary": "asks when"}
        said = await run("send", reference, "customer_contacted_us", json.dumps(contact))
        assert (said.code, "is sent" in said.out) == (0, True)
        assert (await run("show", reference, "--json")).json["contact_count"] == 1

    async def test_nothing_is_sent_that_cannot_be_read(self, run: Starter, reference: str) -> None:
        said = await run("send", reference, "add_note", '{"text": "x", "colour": "red"}')
        assert said.code == 1
        assert "by is missing" in said.err
        assert "colour is not a field of this message" in said.err


class TestReopening:
    async def test_a_terminated_complaint_goes_on(self, run: Starter, server: Server, reference: str) -> None:
        handle = server.client.get_workflow_handle(workflow_id(reference))
        await handle.terminate("by mistake")
        said = await run("reopen", reference, "--reason", "wrong button", "--by", "SV-0009")
        assert (said.code, said.out) == (0, f"{reference}: It goes on where it was.\n")
        assert "Brought back after it was terminated: wrong button" in str(await case_file(server.client, reference))
        again = await run("reopen", reference, "--reason", "wrong button", "--by", "SV-0009", "--json")
        assert (again.code, again.json["refused"]["code"]) == (1, "open")


class TestLooking:
    async def test_the_case_file_is_shown(self, run: Starter, reference: str) -> None:
        said = await run("show", reference)
        assert said.code == 0
        for words in (
            reference,
            "nobody yet",
            "cn-banking",
            "Cash machine retained the card.",
            "law-1",
            "verify_identity",
        ):
            assert words in said.out

    async def test_no_such_complaint(self, run: Starter) -> None:
        for words in (
            ["show", "R-0"],
            ["tasks", "R-0"],
            ["deadlines", "R-0"],
            ["send", "R-0", "verify_identity", VERIFY],
        ):
            said = await run(*words)
            assert (said.code, said.err) == (1, "Refused (not_found): There is no complaint R-0.\n")

    async def test_tasks_come_with_the_message_ready_to_be_sent(self, run: Starter, reference: str) -> None:
        said = await run("tasks", reference)
        command = re.search(rf"starter\.py (send {reference} verify_identity '.*')", said.out)
        assert command
        ready = command[1].replace("<your staff id>", "e-1").replace("<how>", "app login")
        assert (await run(*shlex.split(ready))).code == 0

    async def test_the_most_urgent_tasks_of_all(self, run: Starter, reference: str) -> None:
        found = (await run("tasks", "--limit", "500", "--among", "500", "--json")).json["tasks"]
        assert {"reference", "id", "what", "role", "due", "message", "ready"} <= set(found[0])
        assert reference in {task["reference"] for task in found}

    async def test_clocks_are_listed_and_counted_out(self, run: Starter, reference: str) -> None:
        lines = (await run("deadlines", reference)).out.splitlines()
        assert sum(line.startswith("acknowledgement ") for line in lines) == 2
        for clock, days in (("law-1", 15), ("promise-1", 12)):
            heading = next(line for line in lines if line.startswith(f"{clock}  final response, "))
            count = lines[lines.index(heading) :]
            assert next(line for line in count if line.startswith("  due")).endswith(" UTC)")
            assert any(f"  day {days} " in line for line in count)
        counted = await run("deadlines", reference, "--explain", "law-1")
        assert len(counted.out.splitlines()) > 15
        assert "promise-1" not in counted.out
        unknown = await run("deadlines", reference, "--explain", "tea")
        assert (unknown.code, "no_such_clock" in unknown.err) == (1, True)

    async def test_the_list_of_all(self, run: Starter, reference: str) -> None:
        found = (await run("list", "--limit", "500", "--json")).json
        assert reference in {one["reference"] for one in found["complaints"]}
        assert found["matched"] == len(found["complaints"])
        assert len((await run("list", "--limit", "1")).out.splitlines()) == 2

    async def test_what_people_wrote_is_not_read_as_markup(self, run: Starter) -> None:
        given = complaint_json(summary="[red]Card[/red] lost :cry: [/]")
        await run("open", "-", given=json.dumps(given))
        assert "[red]Card[/red] lost :cry: [/]" in (await run("show", given["reference"])).out
