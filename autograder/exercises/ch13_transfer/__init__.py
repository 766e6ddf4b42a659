"""Exercises of chapter 13: starting from what another task has taught."""
