"""What every function owes its caller, whatever it computes: calls without side effects.

It leaves its arguments and its earlier answers alone, and takes whole numbers for what they are.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judging.calls import Arguments
from autograder.judging.compare import Failed, Trait, agree, as_array, same
from autograder.judging.learner import LearnerFunction, changeable

CUTS: Trait = (
    "cuts results to whole numbers for some inputs",
    "The result has the type of whole numbers, which cuts off what follows the point.",
)
SHARES: Trait = (
    "gives back the same array each time",
    "The next call changes what this one gave back: make a new array in each call.",
)


def changes(arguments: Sequence[str]) -> Trait:
    """That these arguments of the caller's, by name, are not afterwards what they were."""
    names = " and ".join(f"`{name}`" for name in arguments)
    return (
        f"changes its argument {names} in place",
        f"After the call the caller's {names} is not what it was: work on a new array.",
    )


def unchanged(f: LearnerFunction, *arguments: Any) -> None:
    """Raise `Failed` if calling `f` changes any of its arguments, or what it gave back before.

    >>> from autograder.judging.learner import LocalFunction
    >>> def doubled(x):
    ...     x *= 2
    ...     return x
    >>> unchanged(LocalFunction(doubled), np.ones(3))
    Traceback (most recent call last):
    autograder.judging.compare.Failed: the argument `x` was changed by the call
    """
    all_unchanged(f, [arguments])


def all_unchanged(f: LearnerFunction, calls: Sequence[Arguments]) -> None:
    """Raise `Failed` if one of these calls changes its arguments, or another call its answer."""
    *replies, other = f.replies([*calls, _turned_round(calls[0])])
    for arguments, reply in zip(calls, replies, strict=True):
        if reply.error is not None:
            raise reply.error
        for position, (before, after) in enumerate(zip(arguments, reply.args_after, strict=True)):
            kept = same(after, before, rtol=0, atol=0) and same(before, after, rtol=0, atol=0)
            if not changeable(before) and not kept:
                raise _changed(f, position)
    answer = copy.deepcopy(replies[0].value)
    # What writes into one array each time seems to give it twice; so may an honest answer.
    twice = any(map(same, _arrays(answer), _arrays(other.value)))
    if twice and not same(f(*calls[0]), answer):
        said = "the next call changed what this one had given back; make a new array each"
        raise Failed(said, trait=SHARES)


def _changed(f: LearnerFunction, position: int) -> Failed:
    if position < len(f.parameters):
        name = f.parameters[position]
        return Failed(f"the argument `{name}` was changed by the call", trait=changes([name]))
    return Failed(f"argument {position + 1} was changed by the call")


def _arrays(value: Any) -> list[np.ndarray[Any, Any]]:
    """All arrays in a value, in their order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [array for part in value for array in _arrays(part)]
    return [value] if isinstance(value, np.ndarray) else []


def _turned_round(value: Any) -> Any:
    """The same with the entries of all arrays in the opposite order."""
    match value:
        case np.ndarray():
            return np.array(np.flip(value))
        case tuple() | list():
            return type(value)(map(_turned_round, value))
        case dict():
            return {key: _turned_round(part) for key, part in value.items()}
    return value


def whole_numbers(
    f: LearnerFunction,
    reference: Callable[..., Any],
    *arguments: Any,
    part: int | str | None = None,
    **tolerances: Any,
) -> None:
    """Raise `Failed` if whole numbers as input give rounded results; `part` looks at one alone.

    An error is no silent mistake: `out *= slope` raises on a copy of whole numbers.

    >>> from autograder.judging.learner import LocalFunction
    >>> halved = LocalFunction(lambda x: (x / 2).astype(x.dtype))
    >>> whole_numbers(halved, lambda x: x / 2, np.array([4, 3]))
    Traceback (most recent call last):
    autograder.judging.compare.Failed: the result for whole numbers at [1] is 1, expected 1.5 \
(1 of 2 entries differ)
    """
    reply = f.reply(*arguments)
    if reply.error is None:
        got, expected = reply.value, reference(*arguments)
        if part is not None:
            got, expected = got[part], expected[part]
        try:
            agree(got, expected, what="the result for whole numbers", **tolerances)
        except Failed as failure:
            failure.trait = CUTS if _whole(got) and not _whole(expected) else None
            raise


def _whole(value: Any) -> bool:
    """Whether nothing but whole numbers is in there."""
    try:
        numbers = as_array(value)
    except Failed:
        return isinstance(value, tuple | list) and all(map(_whole, value))
    return bool(np.all(numbers == np.rint(numbers)))
