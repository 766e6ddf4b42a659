"""The learner's process: runs a submission's code where it can reach nothing but its inputs."""

from .ahead import Questions, Sheet
from .calls import Call, Earlier, Reply
from .errors import IsolationUnavailable, LearnerDied, LearnerError, SandboxFailure
from .isolation import available_isolation
from .limits import Limits
from .plan import Isolation
from .process import CellResult, LearnerProcess
from .wire import Opaque

__all__ = [
    "Call",
    "CellResult",
    "Earlier",
    "Isolation",
    "IsolationUnavailable",
    "LearnerDied",
    "LearnerError",
    "LearnerProcess",
    "Limits",
    "Opaque",
    "Questions",
    "Reply",
    "SandboxFailure",
    "Sheet",
    "available_isolation",
]
