"""A second fault hides no name: what an answer does wherever that fault does not show.

Where an answer raises, overflows or cuts to whole numbers while the right one does not, that is
told by itself; what is left of the observations is compared alone. An answer that follows a
misconception on most of what it changes, with real numbers, is named as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judging.behaviour import same_behaviour
from autograder.judging.compare import Failed, as_array, same
from autograder.judging.purity import CUTS
from autograder.judging.verdicts import Mistake

Watched = Sequence[tuple[Callable[..., Any], Sequence[Any]]]
"""Misconceptions and what each does."""
ENOUGH = 3
"""So many observations must agree before most of them are enough."""


def fault(seen: Any, right: Any) -> Mistake | None:
    """What keeps one observed call from an answer of the right kind."""
    if not isinstance(seen, dict) or not isinstance(right, dict) or "value" not in right:
        return None
    if kind := seen.get("raised"):
        said = "Some calls end with this error, others do not: try small, large and whole numbers."
        return Mistake(f"stops with {kind} for some inputs", said)
    got, wanted = _numbers(seen.get("value")), _numbers(right["value"])
    if got is None or wanted is None or got.shape != wanted.shape:
        return None
    if not np.isfinite(got).all() and np.isfinite(wanted).all():
        said = "Some results are infinite or no number: which exponent, quotient or root is that?"
        return Mistake("overflows or divides by zero for some inputs", said)
    if got.dtype.kind in "iu" and wanted.dtype.kind == "f" and not same(wanted, np.rint(wanted)):
        return Mistake(*CUTS)
    return None


def despite_faults(
    seen: Sequence[Any], right: Sequence[Any], known: Watched
) -> tuple[tuple[Callable[..., Any], ...], tuple[Mistake, ...]]:
    """The misconception that explains all calls without a fault, and the faults of the others.

    Both empty if more than half of the calls have faults, or if nothing explains the others.
    """
    faults = [fault(s, r) for s, r in zip(seen, right, strict=False)]
    sound = [i for i, found in enumerate(faults) if found is None]
    told = tuple({f.name: f for f in faults if f is not None}.values())
    if not told or 2 * len(sound) < len(faults) or len(seen) != len(right):
        return (), ()
    here, wanted = [seen[i] for i in sound], [right[i] for i in sound]
    if same_behaviour(here, wanted):
        return (), told
    for misconception, wrong in known:
        if same_behaviour(here, [wrong[i] for i in sound if i < len(wrong)]):
            return (misconception,), told
    return (), ()


def mostly(
    seen: Sequence[Any], right: Sequence[Any], known: Watched
) -> tuple[Callable[..., Any], ...]:
    """The one misconception that an answer follows on most of what either of them changes."""
    follows = [m for m, wrong in known if _follows(seen, right, wrong)]
    return tuple(follows) if len(follows) == 1 else ()


def _follows(seen: Sequence[Any], right: Sequence[Any], wrong: Sequence[Any]) -> bool:
    if not len(seen) == len(right) == len(wrong):
        return False
    changed = [i for i, pair in enumerate(zip(seen, right, wrong, strict=True)) if _differ(*pair)]
    alike = [i for i in changed if same(seen[i], wrong[i]) and _telling(seen[i])]
    return len(alike) >= ENOUGH and 5 * len(alike) >= 4 * len(changed)


def _differ(seen: Any, right: Any, wrong: Any) -> bool:
    return not (same(seen, right) and same(wrong, right))


def _telling(observation: Any) -> bool:
    """Whether an observed call gave numbers that nobody comes upon by chance."""
    value = _numbers(observation.get("value")) if isinstance(observation, dict) else None
    return value is not None and value.size > 0 and not same(value, np.rint(value))


def _numbers(value: Any) -> np.ndarray[Any, Any] | None:
    """All numbers of an answer in one row or as they lie; None if it has others than numbers."""
    try:
        return as_array(value)
    except Failed:
        pass
    if not isinstance(value, list | tuple) or not value:
        return None
    parts = [_numbers(part) for part in value]
    rows = [part.ravel() for part in parts if part is not None]
    return np.concatenate(rows) if len(rows) == len(parts) else None
