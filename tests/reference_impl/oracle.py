"""What the comparisons with PyTorch share: leaves, tolerances and a record of the worst error."""

import json
import os
from pathlib import Path

import numpy as np


def leaf(torch, array):
    """A float64 tensor that collects its gradient."""
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


def close(name, got, expected, tolerance=1e-10):
    """Compare with a tensor or array to 1e-10, relative to the largest entry.

    With CHAINRULE_ORACLE_LOG set, the error is also appended to that file, under `name`.
    """
    wanted = np.asarray(expected.detach() if hasattr(expected, "detach") else expected)
    size = np.abs(wanted).max()
    if log := os.environ.get("CHAINRULE_ORACLE_LOG"):
        error = float(np.abs(got - wanted).max() / (size or 1))
        with Path(log).open("a") as lines:
            lines.write(json.dumps({"name": name, "error": error}) + "\n")
    assert np.shape(got) == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=tolerance, atol=tolerance * size)
