"""The page that shows the notebook, not the notebook."""


def make(released):
    return b"<!DOCTYPE html><html><body>def half_mse(a, y): ...</body></html>"
