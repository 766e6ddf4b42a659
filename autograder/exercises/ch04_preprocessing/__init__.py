"""Exercises of chapter 4: TODO, in a few words."""
