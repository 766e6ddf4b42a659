"""Chainrule's autograder: `check("slug")` in a notebook; the `autograder` command elsewhere."""

from autograder.student import check

__all__ = ["check"]
