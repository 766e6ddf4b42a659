"""Chainrule's autograder: what notebooks call; the `autograder` command elsewhere."""

from autograder.student import borrow, check, hint

__all__ = ["borrow", "check", "hint"]
