"""What the judge tells a new learner process before it is sealed: the level, paths and limits."""

from __future__ import annotations

import dataclasses
import enum
import json
from dataclasses import dataclass

from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.view import View


class Isolation(enum.Enum):
    """How a learner process is kept away from everything else, strongest first."""

    NAMESPACES = "namespaces"
    """Its own file system, process table and network (user namespaces, or root)."""
    LANDLOCK = "landlock"
    """The kernel refuses every file, connection and process not on a list (unprivileged)."""
    NONE = "none"
    """Resource limits only: the code can read and change what the judge can."""


@dataclass(frozen=True)
class Plan:
    """Everything the warm process needs to fork a sealed one; crosses to it as JSON."""

    isolation: Isolation
    limits: Limits
    view: View
    package: str | None
    """A folder to put first on the learner's `sys.path`, read-only."""
    work: str | None
    """A folder whose files the learner finds, as copies, in the working folder."""
    environment: dict[str, str]
    """Variables that the learner finds besides the usual ones."""
    seed: int = 0
    """Where the learner's own unseeded chance starts (`np.random` and `random`)."""
    probe: bool = False
    """Seal, say so, and stop: used to find out what this machine offers."""

    def to_json(self) -> bytes:
        fields = dataclasses.asdict(self) | {"isolation": self.isolation.value}
        return json.dumps(fields).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Plan:
        fields = json.loads(data)
        fields["isolation"] = Isolation(fields["isolation"])
        fields["limits"] = Limits(**fields["limits"])
        fields["view"] = View(**fields["view"])
        return cls(**fields)
