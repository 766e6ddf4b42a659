"""Exercises of chapter 12: convolution, pooling, and what sharing weights saves."""
