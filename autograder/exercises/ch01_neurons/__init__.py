"""Exercises of chapter 1: what one neuron decides, how it learns, and what a few can do more."""
