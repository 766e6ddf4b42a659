"""Chainrule's autograder: what notebooks call; the `autograder` command elsewhere."""

from autograder.folder.here import status, update
from autograder.student import borrow, bring, check, hint

__all__ = ["borrow", "bring", "check", "hint", "status", "update"]
