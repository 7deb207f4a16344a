"""Running activities, and reading how they fail."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from tests.orders import PERSONAL

Q = TypeVar("Q")
A = TypeVar("A")


async def run(activity: Callable[[Q], Awaitable[A]], order: Q, attempt: int = 1) -> A:
    """One attempt of an activity, as the worker makes it."""
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, attempt=attempt)
    answer: A = await environment.run(activity, order)
    return answer


async def failure(activity: Callable[[Q], Awaitable[A]], order: Q, attempt: int = 1) -> ApplicationError:
    """How one attempt fails; whatever the failure, nothing personal is in what Temporal would keep of it."""
    with pytest.raises(ApplicationError) as caught:
        await run(activity, order, attempt)
    kept = Failure()
    await DataConverter.default.encode_failure(caught.value, kept)
    assert [word for word in PERSONAL if word in str(kept)] == []
    return caught.value
