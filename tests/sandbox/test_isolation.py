"""Which isolation is taken, what happens without any, and that the attacks do work there."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest
from learners import value_of
from test_escape import CONNECT, WRITE
from test_secrets import LOOK_AT_PROCESSES, READ

from autograder.sandbox import (
    Isolation,
    IsolationUnavailable,
    LearnerProcess,
    Limits,
    SandboxFailure,
    available_isolation,
)
from autograder.sandbox.judge import isolation, process, spawn


def test_the_best_isolation_that_works_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Namespaces come before Landlock, and Landlock before nothing."""
    for working in ([Isolation.LANDLOCK, Isolation.NAMESPACES], [Isolation.LANDLOCK], []):
        monkeypatch.setattr(isolation, "works", lambda level, w=working: level in w)
        expected = working[-1] if working else Isolation.NONE
        assert available_isolation() is expected


def test_without_isolation_nothing_runs_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without isolation refuses with advice; NONE must be passed by name."""
    monkeypatch.setattr(process, "available_isolation", lambda: Isolation.NONE)
    with pytest.raises(IsolationUnavailable, match="user namespaces"):
        LearnerProcess()
    with LearnerProcess(isolation=Isolation.NONE) as learner:
        assert value_of(learner, "def f(): return 1") == 1


def test_the_attacks_work_where_nothing_stops_them(tmp_path: Path) -> None:
    """Without isolation the same attacks succeed: the other tests do not pass by accident."""
    victim = tmp_path / "gradebook.db"
    victim.write_text("grades")
    with LearnerProcess(isolation=Isolation.NONE) as learner:
        assert value_of(learner, READ, [str(victim)]) == [b"grades"]
        assert "create" in value_of(learner, WRITE, str(tmp_path), str(victim))
        assert value_of(learner, LOOK_AT_PROCESSES, os.getpid()) != []
        assert "datagram pair" not in value_of(learner, CONNECT, 1, str(tmp_path / "no"), "no")


def test_a_failing_start_is_our_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A start that is too slow or impossible is a SandboxFailure, not a grade."""
    with pytest.raises(SandboxFailure):
        LearnerProcess(Limits(start_seconds=0.001))
    monkeypatch.setattr(spawn, "_current", [])
    monkeypatch.setattr(spawn, "ZYGOTE", tmp_path / "missing.py")
    with pytest.raises(SandboxFailure, match=r"missing\.py"):
        LearnerProcess()


def test_packages_that_are_not_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PYTHONPATH alone they are of no use; the isolation is not at fault, and not blamed."""
    monkeypatch.setattr(spawn, "site_packages", lambda: [])
    monkeypatch.setattr(spawn, "_current", [])
    monkeypatch.setattr(isolation, "_found_to_work", set())
    with pytest.raises(SandboxFailure, match=r"No module named '\w+'\. .* PYTHONPATH") as failure:
        available_isolation()
    assert "isolation" not in str(failure.value)
    assert "Traceback" not in str(failure.value)


def test_a_warm_process_that_ended_is_replaced() -> None:
    """Should the process that forks the others be killed, the next start makes a new one."""
    LearnerProcess().close()
    os.kill(spawn._current[0]._process.pid, signal.SIGKILL)
    with LearnerProcess() as learner:
        assert value_of(learner, "def f(): return 1") == 1


def test_an_end_that_fails_with_nobody_waiting_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong in the background does not go unseen."""
    learner = LearnerProcess()
    end = learner._talk.end

    def fail() -> None:
        end()
        raise OSError("out of handles")

    monkeypatch.setattr(learner._talk, "end", fail)
    learner.close(wait=False)
    process.wait_for_ends()
    assert "out of handles" in caplog.text


def test_the_judge_keeps_no_open_files_or_threads() -> None:
    """Starting and closing processes leaks no file descriptor, child or thread of the judge's."""
    LearnerProcess().close()
    before = (len(os.listdir("/proc/self/fd")), threading.active_count())
    for _ in range(3):
        learner = LearnerProcess()
        learner.close()
        learner.close()
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == before
    assert os.waitpid(-1, os.WNOHANG) == (0, 0)  # the warm process runs, and nothing has ended
