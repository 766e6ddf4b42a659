"""Assignments of other tools become skeletons of our exercises."""
