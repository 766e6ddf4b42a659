"""An exercise: the words its author uses to say what is asked, checked, accepted and mistaken.

One exercise is one file in `autograder/exercises/<chapter>/<slug>.py`:

    exercise = Exercise(__name__, minutes=10, difficulty=1, hints=("a question", "a pointer"))

    @exercise.probe
    def batch(rng): ...                    # the arguments of one call

    @exercise.check
    def worked_example(f): ...             # public: practice in the notebook, worth no points

    @exercise.check(points=2, after=worked_example)
    def random_batches(f, reference, rng): ...      # hidden: this is what is graded

    @exercise.variant
    def with_a_loop(...): ...              # another right answer: must score full

    @exercise.misconception
    def forgets_the_half(...): ...         # a wrong answer: must lose points and be named

The docstring of a check is the sentence the learner reads; that of a misconception is the
hint.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

import numpy as np

from autograder.judging.mendable import AuthorMistake, where

Function = Callable[..., Any]
Afters = Function | Iterable[Function]
F = TypeVar("F", bound=Function)

CHECK_ARGUMENTS = ("f", "reference", "rng")
MOST_KEPT = 2 / 3


@dataclass(frozen=True)
class Check:
    """One question put to the learner's function; graded (and hidden) when it carries points."""

    function: Function
    sentence: str
    points: float
    after: tuple[str, ...]
    arguments: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def hidden(self) -> bool:
        """Checks with points are hidden; public ones are practice and worth nothing."""
        return self.points > 0


@dataclass
class Exercise:
    """What one stub cell asks for and how an answer to it is judged.

    Parameters
    ----------
    module : str
        The exercise file's `__name__`; slug and chapter are its last two parts and the title is
        the first line of its docstring.
    minutes, difficulty : int
        How long it takes a typical student, and 1 (warm-up) to 5 (hard).
    hints : tuple of str
        Shown one after the other: a question, a pointer, the formula.
    needs : tuple of str
        Slugs of earlier exercises that an answer may call.
    core : bool
        It is part of the two hours that a learner with little time spends on the chapter.
    guessable : bool
        A few tries would find the answer (a quiz): before it is handed in, no mistake is named.
    """

    module: str
    minutes: int
    difficulty: int
    hints: tuple[str, ...]
    needs: tuple[str, ...] = ()
    core: bool = False
    guessable: bool = False
    probes: list[Function] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    variants: list[Function] = field(default_factory=list)
    misconceptions: list[Function] = field(default_factory=list)
    keeps: dict[str, float] = field(default_factory=dict)
    """Misconception -> the share of the points that it leaves."""
    observation: Function | None = None
    fingerprints: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.module.rsplit(".", 1)[-1]

    @property
    def chapter(self) -> str:
        return self.module.rsplit(".", 2)[-2]

    @property
    def title(self) -> str:
        title = _first_line(sys.modules[self.module])
        if not title:
            raise AuthorMistake(f"{self.module} needs a docstring: its first line is the title")
        return title.rstrip(".")

    @property
    def asks_for_one_answer(self) -> bool:
        """A quiz or a bug hunt: its function takes nothing and always says the same."""
        return no_arguments in self.probes

    @property
    def points(self) -> float:
        """The most an answer can earn."""
        return sum(check.points for check in self.checks)

    def probe(self, function: F) -> F:
        """Register `function(rng)`, which returns the argument tuple of one call.

        Checks draw their inputs from probes; diagnosis compares answers on them.
        """
        self.probes.append(function)
        return function

    @overload
    def check(self, function: F, /) -> F: ...

    @overload
    def check(
        self, function: None = None, /, *, points: float = 0, after: Afters = ()
    ) -> Callable[[F], F]: ...

    def check(
        self,
        function: Any = None,
        /,
        *,
        points: float = 0,
        after: Afters = (),
    ) -> Any:
        """Register a check; it may ask for `f`, `rng` and, when it carries points, `reference`.

        With `after`, it is skipped (and earns nothing) unless those checks passed.
        """
        earlier = (after,) if callable(after) else tuple(after)

        def register(checked: F) -> F:
            self._add_check(checked, points, tuple(a.__name__ for a in earlier))
            return checked

        return register if function is None else register(function)

    def variant(self, function: F) -> F:
        """Register another right answer, which must score full."""
        self.variants.append(function)
        return function

    @overload
    def misconception(self, function: F, /) -> F: ...

    @overload
    def misconception(self, function: None = None, /, *, keeps: float) -> Callable[[F], F]: ...

    def misconception(self, function: Any = None, /, *, keeps: float = 0.0) -> Any:
        """Register a named wrong answer, which must lose points and be diagnosed as itself.

        An answer that behaves exactly like it keeps the share `keeps` of the points, at most ⅔:
        for a slip of somebody who has understood (a forgotten ½), never for a wrong idea.
        """

        def register(mistaken: F) -> F:
            _sentence(mistaken)
            if not 0 <= keeps <= MOST_KEPT:
                raise _mistake(mistaken, "a slip keeps at most two thirds of the points")
            self.misconceptions.append(mistaken)
            self.keeps[mistaken.__name__] = keeps
            return mistaken

        return register if function is None else register(function)

    def observe(self, function: F) -> F:
        """Replace what diagnosis looks at: `function(f)` returns a list of comparable values.

        The default is the answer's outputs on every probe.
        """
        self.observation = function
        return function

    def _add_check(self, function: Function, points: float, after: tuple[str, ...]) -> None:
        arguments = tuple(inspect.signature(function).parameters)
        unknown = set(arguments) - set(CHECK_ARGUMENTS)
        known = {check.name for check in self.checks}
        if unknown or "f" not in arguments:
            raise _mistake(function, "a check takes f and optionally reference, rng")
        if "reference" in arguments and points == 0:
            raise _mistake(function, "a public check ships without the reference: give it points")
        if not set(after) <= known or function.__name__ in known:
            raise _mistake(function, "`after` names earlier checks, and each has its own name")
        sentence = _sentence(function)
        self.checks.append(Check(function, sentence, points, after, arguments))


def seeded(seed: int, name: str) -> np.random.Generator:
    """A generator that is the same for the same seed and name, and independent between names."""
    return np.random.default_rng([seed, *name.encode()])


def no_arguments(rng: Any) -> tuple[()]:
    """The probe of a quiz or a bug hunt, whose function is called without arguments."""
    return ()


def _sentence(function: Function) -> str:
    sentence = _first_line(function)
    if not sentence:
        raise _mistake(function, "needs a docstring: it is what the learner reads")
    return sentence


def _first_line(documented: Any) -> str:
    """The first paragraph of a docstring on one line."""
    return " ".join((inspect.getdoc(documented) or "").split("\n\n")[0].split())


def _mistake(function: Function, what: str) -> AuthorMistake:
    return AuthorMistake(f"{where(function)}: {function.__name__}: {what}")
