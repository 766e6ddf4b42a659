"""The first program of a learner's process: forks, seals the child, and only then serves.

Run by path, in isolated mode and without `site`, so that no installed package, no `.pth` file and
no environment variable has a say in what is imported before the process is sealed.
"""

from __future__ import annotations

import os
import site
import socket
import sys
import tempfile
import traceback
import types
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.sandbox.plan import Plan

FOLDERS = ("tmp/work", "tmp/home")
ENVIRONMENT = {
    "USER": "learner",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}
OUR_FAULT = 70


def main(connection: socket.socket, lifeline: int) -> None:
    """Split into the keeper, which stays outside, and the learner's process."""
    provide_modules(str(Path(__file__).resolve().parent))
    from autograder.sandbox.channel import Channel
    from autograder.sandbox.keeper import keep
    from autograder.sandbox.namespaces import enter_process_namespace
    from autograder.sandbox.plan import Isolation, Plan
    from autograder.sandbox.watch import Watch

    plan = Plan.from_json(Channel(connection, 1 << 20).receive())
    in_jail = plan.isolation is Isolation.NAMESPACES
    if in_jail:
        enter_process_namespace()
    scratch = "" if in_jail else tempfile.mkdtemp(prefix="chainrule-learner-")
    keeper = os.getpid()
    learner = os.fork()
    if learner == 0:
        os.close(lifeline)
        become_learner(connection, plan, scratch, keeper)
    connection.close()
    print(keep(learner, lifeline, scratch, Watch(learner, scratch, plan.limits)), flush=True)


def become_learner(connection: socket.socket, plan: Plan, scratch: str, keeper: int) -> None:
    """Seal this process and serve the judge; never return."""
    try:
        os.setsid()
        serve_sealed(connection, plan, scratch, keeper)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        os._exit(OUR_FAULT)
    os._exit(0)


def serve_sealed(connection: socket.socket, plan: Plan, scratch: str, keeper: int) -> None:
    from autograder.sandbox.channel import Channel
    from autograder.sandbox.seal import seal

    channel = Channel(connection, plan.limits.message_bytes)
    prefix = seal(plan, scratch, keeper)
    if plan.probe:
        channel.send(b"sealed")
        return
    settle_in(prefix, plan)
    sys.modules["autograder.sandbox"].__path__ = [f"{prefix}/sandbox"]
    from autograder.sandbox.worker import Worker

    worker = Worker(channel, plan.limits)
    withdraw_modules()
    close_files(connection.fileno())
    worker.serve()


def provide_modules(folder: str) -> None:
    """Make `autograder.sandbox` importable from `folder` without the rest of `autograder`."""
    for name, path in (("autograder", []), ("autograder.sandbox", [folder])):
        module = types.ModuleType(name)
        module.__path__ = path
        sys.modules[name] = module


def withdraw_modules() -> None:
    """Forget them again: the learner's `import autograder` finds the learner's part only."""
    for name in [name for name in sys.modules if name.split(".")[0] == "autograder"]:
        del sys.modules[name]


def settle_in(prefix: str, plan: Plan) -> None:
    """Set folders, environment and import path as the learner finds them."""
    for folder in FOLDERS:
        Path(f"{prefix}/{folder}").mkdir()
    home, work = f"{prefix}/tmp/home", f"{prefix}/tmp/work"
    site.sethelper()  # the one builtin that running without `site` would leave out
    os.chdir(work)
    tempfile.tempdir = None  # it remembers the keeper's
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    os.environ.update(HOME=home, TMPDIR=f"{prefix}/tmp", IPYTHONDIR=f"{home}/ipython")
    os.environ["MPLCONFIGDIR"] = f"{home}/matplotlib"
    os.environ["PATH"] = f"{os.path.dirname(sys.executable)}:/usr/local/bin:/usr/bin:/bin"
    sys.path[:] = [f"{prefix}/chainrule", work, *sys.path, *plan.site_packages]


def close_files(connection: int) -> None:
    """Leave the learner no open file but the connection: standard input and output lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, connection)
    os.closerange(connection + 1, connection + (1 << 16))


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
