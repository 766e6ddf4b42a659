"""Asks the warm process for a sealed one, and starts the warm process when there is none."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from autograder.sandbox.judge.failures import SandboxFailure, WarmProcessFailure
from autograder.sandbox.judge.visible import site_packages
from autograder.sandbox.protocol.channel import (
    HEADER,
    Channel,
    ChannelClosed,
    ChannelTimeout,
    MessageTooLong,
)
from autograder.sandbox.protocol.plan import Plan

ZYGOTE = Path(__file__).resolve().parents[1] / "keeper" / "zygote.py"
WARM_SECONDS = 120
"""The first start ever on a machine lists its fonts."""
FORK_SECONDS = 20
END_SECONDS = 10
GRACE_SECONDS = 2
"""For a process that has hung up to end by itself, and so to tell why."""
REASON_CHARACTERS = 2000
NOT_INSTALLED = (
    "Learners' processes see installed packages only, and do not read PYTHONPATH: install what is "
    f"missing for {sys.executable}, e.g. with `{sys.executable} -m pip install chainrule`."
)
PIPE_BYTES = 1 << 16


@dataclass
class Started:
    """A keeper, the connection to its learner's process, the lifeline of both, its last words."""

    keeper: int
    handle: int
    """Becomes readable when the keeper ends."""
    channel: Channel
    lifeline: int
    words: int

    def end(self, grace: float = 0) -> str:
        """End both processes, after `grace` seconds; return how the keeper says that it ended."""
        self._wait(grace)
        self.channel.close()
        os.close(self.lifeline)
        if not self._wait(END_SECONDS):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.keeper, signal.SIGKILL)
        os.set_blocking(self.words, False)
        try:
            said = os.read(self.words, PIPE_BYTES)
        except BlockingIOError:
            said = b""
        for handle in (self.words, self.handle):
            os.close(handle)
        return said.decode(errors="replace").strip()[-REASON_CHARACTERS:]

    def interrupt(self) -> None:
        """Press Ctrl-C, as it were."""
        with contextlib.suppress(OSError):
            os.write(self.lifeline, b"!")

    def waited(self) -> float:
        """Seconds that the process was ready to run while others had the processors.

        The longest of its threads'; 0 where the kernel does not count it.
        """
        try:
            tasks = Path(f"/proc/{self.keeper}/task")
            (learner, *_) = (tasks / str(self.keeper) / "children").read_text().split()
            found = [path.read_text() for path in Path("/proc", learner).glob("task/*/schedstat")]
            return max(int(text.split()[1]) for text in found) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0

    def _wait(self, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self.handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))


class Zygote:
    """The warm process; see `zygote.py`."""

    def __init__(self) -> None:
        if not hasattr(os, "fork"):
            raise SandboxFailure("learners' code runs on Linux and macOS only; use a container")
        self._control, theirs = socket.socketpair()
        self._turn = threading.Lock()
        # Not -I: the hash seed must be fixed, and the environment is all ours anyway.
        command = [sys.executable, "-P", "-s", "-S", "-B", "-X", "utf8", str(ZYGOTE)]
        self._process = subprocess.Popen(
            [*command, str(theirs.fileno())],
            env={"LANG": "C.UTF-8", "PYTHONHASHSEED": "0"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
        theirs.close()
        # Not by its environment, which all its forks could read.
        cache = platformdirs.user_cache_dir("chainrule", ensure_exists=True)
        paths = {"site_packages": site_packages(), "cache": cache}
        self._control.sendall(framed(json.dumps(paths).encode()))
        self._answer(WARM_SECONDS)

    def fork(self, plan: Plan) -> Started:
        """Have a process forked and sealed as planned; it is not ready yet."""
        ours, theirs = socket.socketpair()
        lifeline, holding = os.pipe()
        words, saying = os.pipe()
        try:
            with self._turn:
                request, handles = framed(plan.to_json()), [theirs.fileno(), lifeline, saying]
                sent = socket.send_fds(self._control, [request], handles)
                self._control.sendall(request[sent:])
                keeper = int(self._answer(FORK_SECONDS))
        except (OSError, SandboxFailure):
            for handle in (holding, words):
                os.close(handle)
            ours.close()
            raise
        finally:
            theirs.close()
            for handle in (lifeline, saying):
                os.close(handle)
        channel = Channel(ours, plan.limits.message_bytes)
        return Started(keeper, _end_of(keeper, words), channel, holding, words)

    def end(self) -> None:
        """Let the warm process end; processes that it has forked go on."""
        self._control.close()
        self._last_words()

    def _answer(self, seconds: float) -> bytes:
        self._control.settimeout(seconds)
        try:
            found = self._control.recv(100)
        except OSError as error:
            raise self._failure(f"no answer within {seconds:g} s") from error
        if not found:
            raise self._failure("it ended")
        return found

    def _failure(self, what: str) -> SandboxFailure:
        said = self._last_words()
        if "ModuleNotFoundError" in said:
            what, said = f"{said.splitlines()[-1]}. {NOT_INSTALLED}", ""
        return WarmProcessFailure(f"the warm process could not be used: {what}\n{said}".strip())

    def _last_words(self) -> str:
        stderr = self._process.stderr
        if stderr is None or stderr.closed:
            return ""
        self._process.kill()
        _, said = self._process.communicate()
        return bytes(said).decode(errors="replace").strip()[-REASON_CHARACTERS:]


def framed(message: bytes) -> bytes:
    return HEADER.pack(len(message)) + message


def _end_of(keeper: int, words: int) -> int:
    """A handle that becomes readable when the keeper ends; its last words come just before."""
    return os.pidfd_open(keeper) if hasattr(os, "pidfd_open") else os.dup(words)


_current: list[Zygote] = []
_turn = threading.Lock()


def start(plan: Plan) -> Started:
    """Start a process as planned; return when it is sealed and ready.

    Raises
    ------
    SandboxFailure
        If it could not be started or sealed.
    """
    started = _forked(plan)
    deadline = time.monotonic() + plan.limits.start_seconds  # not while the warm one gets warm
    try:
        started.channel.receive(deadline)
    except (ChannelClosed, ChannelTimeout, MessageTooLong) as error:
        words = started.end(GRACE_SECONDS if isinstance(error, ChannelClosed) else 0)
        raise SandboxFailure(
            f"the learner process could not be started with {plan.isolation.value} isolation: "
            f"{words or type(error).__name__}"
        ) from error
    return started


def _forked(plan: Plan) -> Started:
    """Fork from the warm process of this one; if that has ended, from a new one."""
    try:
        return _zygote().fork(plan)
    except (OSError, SandboxFailure):
        _forget_zygote()
        try:
            return _zygote().fork(plan)
        except OSError as error:
            raise SandboxFailure(f"the learner process could not be started: {error}") from error


def _zygote() -> Zygote:
    with _turn:
        if not _current:
            _current.append(Zygote())
        return _current[0]


def _forget_zygote() -> None:
    with _turn:
        while _current:
            _current.pop().end()
