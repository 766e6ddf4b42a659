"""Shut the learner's process in, step by step, before any of the learner's code is there."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.sandbox.protocol.plan import Isolation, Plan
from autograder.sandbox.protocol.view import reachable_by_others
from autograder.sandbox.seal import landlock, namespaces, privileges, seccomp
from autograder.sandbox.seal.files import copy_for


class LeakySeal(Exception):
    """After sealing, something forbidden could still be read."""


def seal(plan: Plan, scratch: str, keeper: int) -> str:
    """Seal this process as `plan` says and return the prefix of its own folder `tmp`.

    `keeper` is the process number of the trusted parent, `scratch` an empty folder of this
    process's own, where it has no file system of its own.
    """
    privileges.be_first_out_of_memory()
    os.umask(0o022)  # ours may be 077, and what is made now is for another user to read
    if plan.isolation is Isolation.NAMESPACES:
        _seal_by_namespaces(plan, keeper)
    else:
        user = _user(plan, keeper)
        _furnish(plan, scratch, user)
        if plan.isolation is Isolation.LANDLOCK:
            _seal_by_landlock(plan, scratch, user)
        else:
            privileges.limit_resources(plan.limits, None)
    if plan.isolation is not Isolation.NONE:
        _make_sure(plan)
    return scratch


def _user(plan: Plan, keeper: int) -> int:
    """Whom the process is to belong to."""
    if os.geteuid() != 0 or plan.isolation is Isolation.NONE:
        return os.geteuid()
    package = Path(plan.package or "/")
    reachable = plan.view.reachable and reachable_by_others(package)
    if plan.isolation is Isolation.LANDLOCK and not reachable:
        return 0
    return privileges.spare_user(keeper)


def _seal_by_namespaces(plan: Plan, keeper: int) -> None:
    user = _user(plan, keeper)
    namespaces.build_jail(plan.view, plan.package, plan.work, user, plan.limits)
    privileges.limit_resources(plan.limits, plan.limits.processes)
    privileges.empty_bounding_set()
    if user != os.geteuid():
        privileges.become_user(user)
    privileges.drop_capabilities()
    privileges.die_with_parent()
    seccomp.install(namespaces=True)


def _furnish(plan: Plan, scratch: str, user: int) -> None:
    """Make the folder `tmp`, and the working folder in it if that is to hold something."""
    Path(scratch, "tmp").mkdir()
    if user != os.geteuid():
        os.chmod(scratch, 0o755)
        os.chown(f"{scratch}/tmp", user, user)
    if plan.work is not None:
        copy_for(user, plan.work, f"{scratch}/tmp/work")


def _seal_by_landlock(plan: Plan, scratch: str, user: int) -> None:
    readable = [*plan.view.granted, *filter(None, [plan.package])]
    privileges.empty_bounding_set()
    if user != os.geteuid():
        privileges.become_user(user)
    # The kernel counts the processes of a user, and never those of root.
    others = privileges.running_tasks(user) if 0 < user < privileges.FIRST_SPARE_USER else 0
    privileges.limit_resources(plan.limits, others + plan.limits.processes)
    privileges.drop_capabilities()
    privileges.die_with_parent()
    landlock.restrict(readable, plan.view.listable, f"{scratch}/tmp")
    seccomp.install(namespaces=False)


def _make_sure(plan: Plan) -> None:
    """Try to read what must not be readable: a kernel's promise is worth one look."""
    for path in plan.view.forbidden:
        try:
            os.close(os.open(path, os.O_RDONLY))
        except OSError:
            continue
        raise LeakySeal(f"{path} can still be read")
