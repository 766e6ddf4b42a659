"""What sealing costs per submission, and what one batched check costs, in milliseconds."""

from __future__ import annotations

import statistics
import time

from common import mode, report

import numpy as np  # isort: skip

from autograder.sandbox import Isolation, LearnerProcess
from autograder.sandbox.judge.isolation import works

CALLS = 8


def start_and_end(isolation: Isolation) -> float:
    """Milliseconds of a learner's process without any work."""
    start = time.perf_counter()
    LearnerProcess(isolation=isolation).close()
    return 1000 * (time.perf_counter() - start)


def check(process: LearnerProcess) -> float:
    """Milliseconds of one round trip: a batch of calls on fresh arrays of 8 kB."""
    calls = [(np.random.default_rng(seed).normal(size=1024),) for seed in range(CALLS)]
    start = time.perf_counter()
    process.call_many("f", calls)
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    repeats = mode().pick(5, 60)
    kinds = [kind for kind in Isolation if kind is Isolation.NONE or works(kind)]
    for kind in kinds:
        start_and_end(kind)  # starts its warm process
    times = {kind: [] for kind in kinds}
    for _ in range(repeats):
        for kind in kinds:
            times[kind].append(start_and_end(kind))
    spent = {kind: statistics.median(found) for kind, found in times.items()}
    without = spent.pop(Isolation.NONE)
    extra = {f"{kind.value}_ms": round(ms - without, 2) for kind, ms in spent.items()}
    value = next(iter(extra.values()), None)  # the strongest kind comes first
    report(name="grading_isolation_ms", value=value, **extra, without_ms=round(without, 2))
    with LearnerProcess(isolation=kinds[0]) as process:
        process.run_cell("def f(x):\n    return 2 * x")
        each = statistics.median(check(process) for _ in range(5 * repeats))
    report(name="grading_check_ms", value=round(each, 3), calls=CALLS, isolation=kinds[0].value)


if __name__ == "__main__":
    main()
