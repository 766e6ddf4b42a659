"""Shuts a process in for good, before any of the learner's code is there."""
