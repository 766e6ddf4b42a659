"""What `autograder doctor` advises is for whoever asks; make container-test tries the flags."""

import pytest

from autograder.sandbox import SandboxFailure
from autograder.sandbox.judge import examination, isolation
from autograder.sandbox.protocol.plan import Isolation

FAILED = """the learner process could not be started with namespaces isolation: Traceback
PermissionError: [Errno 1] mount: Operation not permitted
ended its process (exit code 70)"""


def test_the_cause_is_told_rather_than_the_end(monkeypatch):
    """How the process ended says nothing; the error before it does."""

    def fail(plan):
        raise SandboxFailure(FAILED)

    monkeypatch.setattr(isolation, "_found_to_work", set())
    monkeypatch.setattr(isolation, "closed_to_others", lambda: None)
    monkeypatch.setattr(isolation, "start", fail)
    assert isolation.why_not(Isolation.NAMESPACES).endswith("mount: Operation not permitted")
    assert isolation._cause("ended its process (exit code 1)").startswith("ended")


@pytest.mark.parametrize(
    ("user", "profile", "expected", "absent"),
    [
        (1000, "", "systempaths=unconfined", "SYS_ADMIN"),
        (0, "", "--cap-add SYS_ADMIN", "systempaths"),
        (1000, "docker-default (enforce)\n", "apparmor=unconfined", "SYS_ADMIN"),
    ],
)
def test_a_container_is_told_its_flags(monkeypatch, tmp_path, user, profile, expected, absent):
    """Root needs a capability, a user a /proc that nothing covers; both, no filter of Docker's."""
    mark, apparmor = tmp_path / "mark", tmp_path / "apparmor"
    mark.touch()
    apparmor.write_text(profile)
    monkeypatch.setattr(examination, "CONTAINER_MARKS", (str(mark),))
    monkeypatch.setattr(examination, "APPARMOR", str(apparmor))
    monkeypatch.setattr(examination.os, "geteuid", lambda: user)
    advice = "; ".join(examination._docker_flags())
    assert "seccomp=unconfined" in advice
    assert expected in advice
    assert absent not in advice


def test_elsewhere_nothing_is_said_of_containers(monkeypatch):
    monkeypatch.setattr(examination, "CONTAINER_MARKS", ())
    assert list(examination._docker_flags()) == []
