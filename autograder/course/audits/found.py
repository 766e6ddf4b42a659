"""What an audit has found out about one exercise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Audit:
    """What `verify` found about one exercise; kept as JSON between runs."""

    slug: str
    chapter: str
    checks: int
    seeds: int
    kills: dict[str, list[Any]] = field(default_factory=dict)
    """Misconception -> the graded checks that catch it, whether it is named as itself, and whether
    some public check fails."""
    accepted: dict[str, bool] = field(default_factory=dict)
    rejected: dict[str, bool] = field(default_factory=dict)
    unstable: list[str] = field(default_factory=list)
    float32: list[int] = field(default_factory=lambda: [0, 0])
    """Misconceptions cast to single precision: how many, and how many still lose as much."""
    malformed: list[int] = field(default_factory=lambda: [0, 0, 0])
    """Answers of an unforeseen form: tried, stopped the grader, got a specific name."""
    recordings: list[float] = field(default_factory=lambda: [0, 0])
    """Recordings of right answers: tried, and what they earned."""
    mutants: int = 0
    """How many there are."""
    survivors: list[str] = field(default_factory=list)
    """Mutants that lose nothing, as `old → new  in  line`."""
    problems: list[str] = field(default_factory=list)

    @property
    def caught(self) -> int:
        return sum(bool(lost) for lost, _, _ in self.kills.values())

    @property
    def named(self) -> int:
        return sum(named for _, named, _ in self.kills.values())

    @property
    def public_caught(self) -> int:
        return sum(public for _, _, public in self.kills.values())
