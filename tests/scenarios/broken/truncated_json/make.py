"""The disk was full while saving: the second answer is cut off."""

from answers import answered, as_bytes


def make(released):
    text = as_bytes(answered(released))
    return text[: text.index(b'"id": "layer_gradients"')]
