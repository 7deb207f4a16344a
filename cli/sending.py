"""Opening a complaint and sending messages to it. Each command returns its exit code."""

from __future__ import annotations

from temporalio.client import Client

from cli.terminal import content, say
from client import gateway
from client.records import closed_before


async def open_file(client: Client, file: str, json: bool) -> int:
    """Open one complaint."""
    complaint = gateway.read_complaint(content(file))
    before = await closed_before(complaint)
    receipt = gateway.refused(before) if before else await gateway.open_complaint(client, complaint)
    say(receipt, f"{receipt.reference}: {receipt.note}", as_json=json)
    return 0


async def send(client: Client, reference: str, message: str, text: str, json: bool) -> int:
    """Send one message."""
    if text == "-" or text.startswith("@"):
        text = content(text.removeprefix("@")).decode(errors="replace")
    receipt = await gateway.send(client, reference, message, text)
    if receipt is None:
        say({"sent": message}, f"{reference}: {message} is sent; facts are taken in without an answer.", as_json=json)
        return 0
    again = " (accepted before; nothing was done twice)" if receipt.repeated else ""
    say(receipt, f"{reference} is {receipt.stage}, tier {receipt.tier}: {receipt.note}{again}", as_json=json)
    return 0
