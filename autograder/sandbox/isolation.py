"""Finds out, once, how well this machine can isolate a learner's process."""

from __future__ import annotations

import functools
import sys

from .errors import SandboxFailure
from .limits import Limits
from .plan import Isolation, make_plan
from .spawn import start

PROBE_SECONDS = 20


@functools.cache
def available_isolation() -> Isolation:
    """The strongest isolation that works here; NONE if neither does."""
    if sys.platform == "linux":
        for isolation in (Isolation.NAMESPACES, Isolation.LANDLOCK):
            if works(isolation):
                return isolation
    return Isolation.NONE


def works(isolation: Isolation) -> bool:
    return not why_not(isolation)


@functools.cache
def why_not(isolation: Isolation) -> str:
    """Seal a process for trial, and return why that failed, or nothing."""
    plan = make_plan(isolation, Limits(start_seconds=PROBE_SECONDS), probe=True)
    try:
        start(plan).end()
    except SandboxFailure as failure:
        return str(failure).splitlines()[-1]
    return ""
