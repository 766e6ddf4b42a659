"""Exercises of chapter 7: penalties, early stopping, fair splits, and more data."""
