"""Starts the launcher and waits until it reports for duty."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from .channel import Channel, ChannelClosed, ChannelTimeout, MessageTooLong
from .errors import SandboxFailure
from .plan import Plan

LAUNCHER = Path(__file__).resolve().parent / "launcher.py"
END_SECONDS = 10
GRACE_SECONDS = 2
"""For a process that has hung up to end by itself, and so to tell why."""
REASON_CHARACTERS = 2000


@dataclass
class Started:
    """A running keeper, the connection to its learner's process, and the lifeline of both."""

    keeper: subprocess.Popen[str]
    channel: Channel
    lifeline: int

    def end(self, grace: float = 0) -> str:
        """End both processes, after `grace` seconds; return how the keeper says that it ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.keeper.wait(grace)
        self.channel.close()
        os.close(self.lifeline)
        try:
            text, _ = self.keeper.communicate(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            self.keeper.kill()
            text, _ = self.keeper.communicate()
        return text.strip()[-REASON_CHARACTERS:]


def start(plan: Plan) -> Started:
    """Start a process as planned; return when it is sealed and ready.

    Raises
    ------
    SandboxFailure
        If it could not be started or sealed.
    """
    deadline = time.monotonic() + plan.limits.start_seconds
    started = _launch(plan)
    try:
        started.channel.send(plan.to_json(), deadline)
        started.channel.receive(deadline)
    except (ChannelClosed, ChannelTimeout, MessageTooLong) as error:
        words = started.end(GRACE_SECONDS if isinstance(error, ChannelClosed) else 0)
        raise SandboxFailure(
            f"the learner process could not be started with {plan.isolation.value} isolation: "
            f"{words or type(error).__name__}"
        ) from error
    return started


def _launch(plan: Plan) -> Started:
    ours, theirs = socket.socketpair()
    lifeline, holding = os.pipe()
    command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", str(LAUNCHER)]
    try:
        keeper = subprocess.Popen(
            [*command, str(theirs.fileno()), str(lifeline)],
            env={"LANG": "C.UTF-8"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(theirs.fileno(), lifeline),
            start_new_session=True,
            text=True,
            errors="replace",
        )
    except OSError as error:
        ours.close()
        os.close(holding)
        raise SandboxFailure(f"the learner process could not be started: {error}") from error
    finally:
        theirs.close()
        os.close(lifeline)
    return Started(keeper, Channel(ours, plan.limits.message_bytes), holding)
