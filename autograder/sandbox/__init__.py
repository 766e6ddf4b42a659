"""The learner's process: runs a submission's code where it can reach nothing but its inputs.

Three trust domains, visible as rooms: `judge` is ours and believes nothing; `keeper` is trusted and
knows no secret; `inside` runs among the learner's code. `seal` shuts a process in; `protocol` is
what they all speak.
"""

from autograder.sandbox.judge.ahead import Questions, Sheet
from autograder.sandbox.judge.failures import IsolationUnavailable, SandboxFailure
from autograder.sandbox.judge.isolation import available_isolation
from autograder.sandbox.judge.process import CellResult, LearnerProcess
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.plan import Isolation
from autograder.sandbox.protocol.wire import Opaque

__all__ = [
    "CellResult",
    "Isolation",
    "IsolationUnavailable",
    "LearnerProcess",
    "Limits",
    "Opaque",
    "Questions",
    "SandboxFailure",
    "Sheet",
    "available_isolation",
]
