"""Plans a learner's process for this machine and this interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.sandbox.judge.visible import view
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.plan import Isolation, Plan


def make_plan(
    isolation: Isolation,
    limits: Limits,
    *,
    package: Path | None = None,
    work: Path | None = None,
    environment: Mapping[str, str] | None = None,
    seed: int = 0,
    probe: bool = False,
) -> Plan:
    """Describe the process to start on this machine with this interpreter."""
    return Plan(
        isolation=isolation,
        limits=limits,
        view=view(),
        package=None if package is None else str(package.resolve()),
        work=None if work is None else str(work.resolve()),
        environment=dict(environment or {}),
        seed=seed,
        probe=probe,
    )
