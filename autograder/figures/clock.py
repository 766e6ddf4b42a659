"""How long something takes, also by a clock that goes in steps, as a browser's does."""

from __future__ import annotations

import time
from collections.abc import Callable

LONG_ENOUGH = 0.02
"""Seconds of one timing: twenty steps of a browser's clock."""
TIMINGS = 5


def seconds(work: Callable[[], object]) -> float:
    """Seconds that one call takes: the best of several timings, since the others were disturbed.

    Parameters
    ----------
    work : callable
        Called without arguments, as often as one timing needs to be long enough for any clock.
    """
    calls = 1
    while (took := _timed(work, calls)) < LONG_ENOUGH:
        calls *= 2
    return min(took, *(_timed(work, calls) for _ in range(TIMINGS - 1))) / calls


def _timed(work: Callable[[], object], calls: int) -> float:
    began = time.perf_counter()
    for _ in range(calls):
        work()
    return time.perf_counter() - began
