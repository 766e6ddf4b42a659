"""The exercises of the third project: a race."""
