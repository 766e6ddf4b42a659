"""Saved with the kernel of another language."""

from answers import answered, as_bytes


def make(released):
    notebook = answered(released)
    notebook["metadata"] = {
        "kernelspec": {"name": "ir", "display_name": "R", "language": "R"},
        "language_info": {"name": "R"},
    }
    return as_bytes(notebook)
