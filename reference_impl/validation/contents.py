"""Rules for what the entries of an array may be."""

from typing import Any

import numpy as np

from reference_impl.validation.rules import Rule, Sizes, sized


def not_all_zero(rule: Rule) -> Rule:
    """An array that obeys `rule` and has an entry other than 0."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = rule(name, value, sizes)
        if not np.any(found):
            raise ValueError(f"{name} is all 0, expected some other entry")
        return found

    return check


def rows_not_zero(rule: Rule) -> Rule:
    """A matrix that obeys `rule` and none of whose rows is all 0."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = rule(name, value, sizes)
        for i in np.flatnonzero(~np.any(found, axis=1)):
            raise ValueError(f"{name}[{i}] is all 0, expected some other entry")
        return found

    return check


def couplings(size: str) -> Rule:
    """A square symmetric matrix with zeros on its diagonal: nobody is coupled to itself."""
    square = sized(size, size)

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = square(name, value, sizes)
        if np.any(np.diag(found)):
            raise ValueError(f"{name} has {np.diag(found)} on its diagonal, expected zeros")
        if np.any(found != found.T):
            raise ValueError(f"{name} is not symmetric, expected {name}[i, j] = {name}[j, i]")
        return found

    return check


def entries(rule: Rule, limit: Rule) -> Rule:
    """An array that obeys `rule` and each of whose entries obeys `limit`, such as a number > 0."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = rule(name, value, sizes)
        for entry in (np.min(found), np.max(found)):
            limit(f"{name} has an entry that", entry.item(), sizes)
        return found

    return check


def zeros_and_ones(rule: Rule) -> Rule:
    """An array that obeys `rule` and whose entries are all 0 or 1."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = rule(name, value, sizes)
        if wrong := sorted(set(np.ravel(value).tolist()) - {0, 1}):
            raise ValueError(f"{name} holds {wrong[0]}, expected only 0 and 1")
        return found

    return check
