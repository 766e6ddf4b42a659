"""Finds out how well this machine can isolate a learner's process."""

from __future__ import annotations

import os
import sys

from autograder.sandbox.judge.failures import SandboxFailure, WarmProcessFailure
from autograder.sandbox.judge.planning import make_plan
from autograder.sandbox.judge.spawn import start
from autograder.sandbox.judge.visible import closed_to_others
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.plan import Isolation

PROBE_SECONDS = 20
ENDED = "ended its process"
CLOSED = "learners' code is to run as a user of its own, who may not read {path}"


_found_to_work: set[Isolation] = set()
"""Only what works is remembered: on a busy machine a trial can fail once."""


def available_isolation() -> Isolation:
    """The strongest isolation that works here; NONE if neither does."""
    if sys.platform == "linux":
        for isolation in (Isolation.NAMESPACES, Isolation.LANDLOCK):
            if works(isolation):
                return isolation
    return Isolation.NONE


def works(isolation: Isolation) -> bool:
    return not why_not(isolation)


def why_not(isolation: Isolation) -> str:
    """Seal a process for trial, and return why that failed, or nothing.

    Raises
    ------
    WarmProcessFailure
        If there is no process to seal: that says nothing of this machine.
    """
    if isolation not in _found_to_work:
        if isolation is Isolation.NAMESPACES and os.geteuid() == 0 and (path := closed_to_others()):
            return CLOSED.format(path=path)
        plan = make_plan(isolation, Limits(start_seconds=PROBE_SECONDS), probe=True)
        try:
            start(plan).end()
        except WarmProcessFailure:
            raise
        except SandboxFailure as failure:
            return _cause(str(failure))
        _found_to_work.add(isolation)
    return ""


def _cause(said: str) -> str:
    """The error, rather than how the process that met it then ended."""
    lines = said.splitlines()
    return next((line for line in reversed(lines) if not line.startswith(ENDED)), lines[-1])
