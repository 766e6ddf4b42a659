"""Chainrule's autograder: `check` and `bring` in a notebook; the `autograder` command elsewhere."""

from autograder.student import bring, check

__all__ = ["bring", "check"]
