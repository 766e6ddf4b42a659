"""Exercises of chapter 10: valleys that are not the deepest, and ways out of them."""
