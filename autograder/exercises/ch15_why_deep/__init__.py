"""Exercises of chapter 15: what one hidden layer can do, and what several do with fewer units."""
