"""Exercises of chapter 14: eight networks from before deep learning, and why each was invented."""
