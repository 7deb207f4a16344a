"""What all systems of the stand-in share: their state, the idempotency key, the token, and how refusals look."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from activities.contract import Refusal, RefusalCode
from bank.faults import Faults
from bank.store import Refused, Store

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Same key and same body: one effect, the same answer. Same key and another body: 409.",
    ),
]

REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "The bearer token is missing or wrong."},
    409: {"model": Refusal, "description": "The key was used before for another order."},
    422: {"model": Refusal, "description": "Refused for the reason in the code; repeating it is no use."},
    429: {
        "description": "Too many requests; 503 may be answered alike when the system is closed.",
        "headers": {"Retry-After": {"description": "Seconds, or an HTTP date.", "schema": {"type": "string"}}},
    },
}


async def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


async def _faults(request: Request) -> Faults:
    faults: Faults = request.app.state.faults
    return faults


TheStore = Annotated[Store, Depends(_store)]
TheFaults = Annotated[Faults, Depends(_faults)]
_bearer = HTTPBearer(auto_error=False, description="One token for all systems, or one for each.")


async def authorised(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> None:
    """Refuse whoever does not carry the token; a stand-in without a token lets everybody in."""
    token: str | None = request.app.state.token
    if token is not None and (credentials is None or credentials.credentials != token):
        raise Refused(401, RefusalCode.NOT_AUTHORISED)


async def say_no(_request: Request, error: Exception) -> JSONResponse:
    """A refusal as the contract says it: one word, and nothing of the request."""
    status, code = (error.status, error.code) if isinstance(error, Refused) else (422, RefusalCode.MALFORMED_REQUEST)
    return JSONResponse(Refusal(code=code).model_dump(), status)
