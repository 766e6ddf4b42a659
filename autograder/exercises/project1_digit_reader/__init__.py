"""The exercises of the first project: a reader of digits from nothing."""
