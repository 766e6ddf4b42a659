"""The exercises of the fourth project: a small framework."""
