"""A complaint in any words, as long as a narrative may be, goes its whole way: nothing is lost or taken for code.

Its 25,000 characters come from all 17 planes of Unicode, with controls, marks of direction, markup and queries.

- The case file, the archive and the answers of the command line have it character by character.
- The letters quote the summary as it was written.
- The case sheet in the Temporal UI holds none of it; the report and every command end in order.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from temporalio.api.sdk.v1 import WorkflowMetadata

from bank.script import Script
from client.gateway import case_file
from domain.complaint import Complaint
from tests.any_text import EVERYTHING, EVERYTHING_SHORT, LONGEST
from tests.cli.conftest import starter_in
from tests.scenarios.ended import play
from tests.server import Server, complaint
from tests.temporal_server import at
from workflows.names import workflow_id


def any_words(reference: str) -> Complaint:
    """A complaint whose every text is anything."""
    given = complaint(reference, narrative=EVERYTHING, summary=EVERYTHING_SHORT, wishes=EVERYTHING_SHORT)
    given["complainant"] |= {"name": EVERYTHING_SHORT[:100]}
    return Complaint.model_validate_json(json.dumps({"received_at": datetime.now(UTC).isoformat()} | given))


async def test_any_words_go_the_whole_way(server: Server, tmp_path: Path) -> None:
    assert len(EVERYTHING) == LONGEST
    assert {ord(character) >> 16 for character in EVERYTHING} == set(range(17))
    ended = await play(server, any_words("ANY-1"), Script())
    assert ended.closed.outcome == "satisfied"
    assert ended.archived.complaint.narrative == EVERYTHING
    assert EVERYTHING_SHORT.strip() in ended.letter("acknowledgement")
    assert (await case_file(server.client, "ANY-1"))["complaint"]["narrative"] == EVERYTHING

    handle = server.client.get_workflow_handle(workflow_id("ANY-1"))
    seen = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    assert "DROP TABLE" not in seen.current_details
    described = await handle.describe()
    assert "DROP TABLE" not in str(described.raw_description)

    address = at(server.client.service_client.config.target_host, COMPLAINTS_ARCHIVE_URL=server.archive_url)
    run = starter_in(address, tmp_path)
    assert (await run("show", "ANY-1", "--json")).json["complaint"]["narrative"] == EVERYTHING
    for words in (["show", "ANY-1"], ["timeline", "ANY-1", "--all"]):
        said = await run(*words)
        assert (said.code, said.err) == (0, "")
        assert not {"\x00", "\x07", "\x1b", "\x9b", "\u202e"} & set(said.out), "a terminal would obey them"
    report = await run("report", "--html", "report.html")
    assert report.code == 0, report.err
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "DROP TABLE" not in page
