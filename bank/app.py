"""The stand-in as one ASGI application: all systems of the bank on one address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError

from bank import departments, directory, inspect, ledger, letters
from bank.faults import Faults, FaultyLine
from bank.parts import authorised, say_no
from bank.store import Refused, Store

ABOUT = """What the complaint workflows need of a bank's systems. Each system may have its own base address.

Every order carries an `Idempotency-Key`. Repeating an order after a lost answer, a timeout or a crash is normal, and
must not repeat its effect. 4xx answers are final and become a task for a person, but for 408 and 429; everything else
is tried again without end.
"""

SYSTEMS = (directory.router, departments.router, letters.router, ledger.router)


def create_app(data: Path | str, token: str | None = None) -> FastAPI:
    """The stand-in with its state in a file; with a token, only whoever carries it is served."""
    store = Store(data)
    faults = Faults(store)
    directory.seed(store)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    app = FastAPI(
        title="Bank systems for complaint handling",
        version="1",
        description=ABOUT,
        lifespan=lifespan,
        exception_handlers={Refused: say_no, RequestValidationError: say_no},
    )
    app.state.store, app.state.faults, app.state.token = store, faults, token
    for router in SYSTEMS:
        app.include_router(router, dependencies=[Depends(authorised)])
    app.include_router(directory.registration)
    app.include_router(inspect.router)
    app.add_middleware(FaultyLine, faults=faults)
    return app
