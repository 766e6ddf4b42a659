"""Shut the learner's process in, step by step, before any of the learner's code is there."""

from __future__ import annotations

import os
from pathlib import Path

from . import landlock, namespaces, privileges, seccomp
from .files import copy_readable, reachable_by_others
from .plan import Isolation, Plan


class LeakySeal(Exception):
    """After sealing, something forbidden could still be read."""


def seal(plan: Plan, scratch: str, keeper: int) -> str:
    """Seal this process as `plan` says and return the prefix of its own folders.

    Below that prefix lie `tmp` (writeable), `sandbox` (our modules) and `chainrule` (the package
    that the learner may import). `keeper` is the process number of the trusted parent.
    """
    privileges.be_first_out_of_memory()
    copies = {plan.sandbox: "sandbox"}
    if plan.package is not None:
        copies[plan.package] = "chainrule"
    if plan.isolation is Isolation.NAMESPACES:
        _seal_by_namespaces(plan, copies, keeper)
        prefix = ""
    else:
        for source, name in copies.items():
            copy_readable(source, f"{scratch}/{name}")
        Path(scratch, "tmp").mkdir()
        prefix = scratch
    if plan.isolation is Isolation.LANDLOCK:
        _seal_by_landlock(plan, scratch, keeper)
    if plan.isolation is Isolation.NONE:
        privileges.limit_resources(plan.limits, None)
    else:
        _make_sure(plan)
    return prefix


def _seal_by_namespaces(plan: Plan, copies: dict[str, str], keeper: int) -> None:
    is_root = os.geteuid() == 0
    user = privileges.spare_user(keeper) if is_root else os.geteuid()
    namespaces.build_jail(plan.readable, plan.masked, copies, user, plan.limits)
    privileges.limit_resources(plan.limits, plan.limits.processes)
    privileges.empty_bounding_set()
    if is_root:
        privileges.become_user(user)
    privileges.drop_capabilities()
    privileges.die_with_parent()
    seccomp.install(namespaces=True)


def _seal_by_landlock(plan: Plan, scratch: str, keeper: int) -> None:
    readable, listable = landlock.without(plan.readable, plan.masked)
    readable += [str(Path(scratch, name)) for name in os.listdir(scratch) if name != "tmp"]
    is_root = os.geteuid() == 0
    privileges.empty_bounding_set()
    if is_root and reachable_by_others(plan):
        user = privileges.spare_user(keeper)
        os.chmod(scratch, 0o755)
        os.chown(f"{scratch}/tmp", user, user)
        privileges.become_user(user)
    others = privileges.running_tasks(os.geteuid())
    privileges.limit_resources(plan.limits, others + plan.limits.processes)
    privileges.drop_capabilities()
    privileges.die_with_parent()
    landlock.restrict(readable, listable, f"{scratch}/tmp")
    seccomp.install(namespaces=False)


def _make_sure(plan: Plan) -> None:
    """Try to read what must not be readable: a kernel's promise is worth one look."""
    for path in plan.forbidden:
        try:
            os.close(os.open(path, os.O_RDONLY))
        except OSError:
            continue
        raise LeakySeal(f"{path} can still be read")
