"""The warm process: imports what notebooks use, once, and from then on only forks.

Each request forks a keeper, which stays outside and trusted, and the keeper forks the learner's
process, which seals itself before any of the learner's code is there. This process knows nothing
that is secret, because whatever it holds in memory its forks hold too.

Run by path and without `site`, so that no installed package's `.pth` file has a say in what is
imported.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import site
import socket
import sys
import tempfile
import traceback
import types
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.sandbox.inside.notebook import NotebookShell
    from autograder.sandbox.keeper.cgroup import ControlGroup
    from autograder.sandbox.protocol.plan import Plan

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
NICENESS = 5
"""Whoever judges comes before all who are judged."""
REQUEST_BYTES = 1 << 17
HANDLES = ("connection", "lifeline", "words")
OURS: list[str] = []
"""Our own modules. A fork that went through all names to find them would copy their pages."""


def main(control: socket.socket) -> None:
    """Warm up, say so, and fork a keeper for each request until the judge hangs up."""
    provide_modules(str(Path(__file__).resolve().parents[1]))
    paths = json.loads(receive_request(control)[0])
    sys.path += paths["site_packages"]
    shell = warm_up(paths["cache"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel forgets ended keepers by itself
    gc.collect()
    gc.freeze()  # a collection in a fork would copy every page that it touches
    if sys.platform == "linux":
        assert len(os.listdir("/proc/self/task")) == 1, "a fork would lose other threads' locks"
    control.send(b"ready")
    while True:
        request, handles = receive_request(control)
        if not request:
            return
        keeper = os.fork()
        if keeper == 0:
            control.close()
            be_keeper(request, dict(zip(HANDLES, handles, strict=True)), shell)
        for handle in handles:
            os.close(handle)
        control.send(str(keeper).encode())


def receive_request(control: socket.socket) -> tuple[bytes, list[int]]:
    """A message with its length in front, and the handles that came with it; empty at the end."""
    found, handles, _, _ = socket.recv_fds(control, REQUEST_BYTES, len(HANDLES))
    while found and len(found) < 8 + int.from_bytes(found[:8], "big"):
        found += control.recv(REQUEST_BYTES)
    return found[8:], handles


def provide_modules(folder: str) -> None:
    """Make `autograder.sandbox` importable from `folder` without the rest of `autograder`."""
    for name, path in (("autograder", []), ("autograder.sandbox", [folder])):
        module = types.ModuleType(name)
        module.__path__ = path
        sys.modules[name] = module


def warm_up(cache: str) -> NotebookShell:
    """Import and try everything that is slow the first time."""
    os.environ.update(ENVIRONMENT, HOME=cache, MPLCONFIGDIR=cache)
    # A sealed process could not import them.
    from autograder.sandbox.inside import worker  # noqa: F401
    from autograder.sandbox.inside.warm import warm_shell
    from autograder.sandbox.keeper import cgroup, keeper, watch  # noqa: F401
    from autograder.sandbox.protocol import channel  # noqa: F401
    from autograder.sandbox.seal import namespaces, seal  # noqa: F401

    shell = warm_shell()
    OURS.extend(name for name in sys.modules if name.split(".")[0] == "autograder")
    return shell


def be_keeper(request: bytes, handles: dict[str, int], shell: NotebookShell) -> None:
    """Fork the learner's process and watch over it; never return."""
    from autograder.sandbox.keeper.cgroup import ControlGroup
    from autograder.sandbox.keeper.keeper import keep
    from autograder.sandbox.keeper.watch import Watch
    from autograder.sandbox.protocol.plan import Isolation, Plan
    from autograder.sandbox.seal.namespaces import enter_process_namespace

    for standard in (1, 2):
        os.dup2(handles["words"], standard)
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        plan = Plan.from_json(request)
        in_jail = plan.isolation is Isolation.NAMESPACES
        if in_jail:
            enter_process_namespace()
        keeper = os.getpid()
        scratch = "" if in_jail else tempfile.mkdtemp(prefix=f"chainrule-learner-{keeper}-")
        group = ControlGroup.make(f"chainrule-{keeper}", plan.limits)
        learner = os.fork()
        if learner == 0:
            os.close(handles["lifeline"])
            be_learner(handles["connection"], plan, scratch, keeper, shell, group)
        os.close(handles["connection"])
        watch = Watch(
            learner, scratch, plan.limits, shares_fairly=group is not None and group.shares_time
        )
        words = keep(learner, handles["lifeline"], scratch, watch, group)
        os.write(1, words.encode())
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    os._exit(0)


def be_learner(
    connection: int,
    plan: Plan,
    scratch: str,
    keeper: int,
    shell: NotebookShell,
    group: ControlGroup | None,
) -> None:
    """Seal this process and serve the judge; never return."""
    try:
        os.setsid()
        os.nice(NICENESS)
        if group is not None:
            group.enter()
        serve_sealed(socket.socket(fileno=connection), plan, scratch, keeper, shell)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        os._exit(OUR_FAULT)
    os._exit(0)


def serve_sealed(
    connection: socket.socket, plan: Plan, scratch: str, keeper: int, shell: NotebookShell
) -> None:
    from autograder.sandbox.inside.worker import Worker
    from autograder.sandbox.protocol.channel import Channel
    from autograder.sandbox.seal.seal import seal

    channel = Channel(connection, plan.limits.message_bytes)
    prefix = seal(plan, scratch, keeper)
    if plan.probe:
        channel.send(b"sealed")
        return
    settle_in(prefix, plan, shell)
    worker = Worker(channel, plan.limits, shell)
    withdraw_modules()
    close_files(connection.fileno())
    worker.notebook.catch_low_level_output()
    worker.serve()


def settle_in(prefix: str, plan: Plan, shell: NotebookShell) -> None:
    """Set folders, environment, import path and chance as the learner finds them."""
    import numpy as np

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # but while a cell runs
    for folder in FOLDERS:
        Path(f"{prefix}/{folder}").mkdir(exist_ok=True)
    home, work = f"{prefix}/tmp/home", f"{prefix}/tmp/work"
    site.sethelper()  # the one builtin that running without `site` would leave out
    os.chdir(work)
    tempfile.tempdir = None  # it remembers the keeper's
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    os.environ.update(plan.environment)
    os.environ.update(HOME=home, TMPDIR=f"{prefix}/tmp", IPYTHONDIR=f"{home}/ipython")
    os.environ["MPLCONFIGDIR"] = f"{home}/matplotlib"
    os.environ["PATH"] = f"{os.path.dirname(sys.executable)}:/usr/local/bin:/usr/bin:/bin"
    sys.path[:] = [*package_path(plan), work, *sys.path]
    shell.ipython_dir = os.environ["IPYTHONDIR"]
    shell.init_profile_dir(None)
    # All forks would share one state otherwise, and a receipt could not be replayed.
    np.random.seed(plan.seed)  # noqa: NPY002
    random.seed(plan.seed)


def package_path(plan: Plan) -> list[str]:
    from autograder.sandbox.protocol.plan import Isolation

    if plan.package is None:
        return []
    return ["/chainrule" if plan.isolation is Isolation.NAMESPACES else plan.package]


def withdraw_modules() -> None:
    """Forget ours again: the learner's `import autograder` finds the learner's part only."""
    for name in OURS:
        del sys.modules[name]


def close_files(connection: int) -> None:
    """Leave the learner no open file but the connection: standard input and output lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, connection)
    os.closerange(connection + 1, connection + (1 << 16))


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
