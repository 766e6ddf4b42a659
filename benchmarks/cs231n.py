"""An assignment like CS231n's, for measuring: layers, figures, training, numerical gradients.

22 code cells: imports, 8 to write, 2 figures, a training loop of 500 steps and 10 test cells, of
which six have hidden parts; and one question for a human grader.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from common import PLAIN, command, student
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ASSIGNMENT, NOTEBOOK = "hw1", "layers"
SETUP = '''
import numpy as np
import matplotlib.pyplot as plt

def numerical_gradient(f, x, h=1e-5):
    """Central differences of the sum of f, entry by entry."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        kept = x[place]
        x[place] = kept + h
        above = np.sum(f(x))
        x[place] = kept - h
        gradient[place] = (above - np.sum(f(x))) / (2 * h)
        x[place] = kept
    return gradient

def error(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))

rng = np.random.default_rng(231)
'''
SOLUTIONS = {
    "affine_forward(x, w, b)": "return x @ w + b",
    "affine_backward(upstream, x, w)": "return upstream @ w.T, x.T @ upstream, upstream.sum(0)",
    "relu_forward(x)": "return np.maximum(0, x)",
    "relu_backward(upstream, x)": "return upstream * (x > 0)",
    "softmax(scores)": (
        "e = np.exp(scores - scores.max(1, keepdims=True))\nreturn e / e.sum(1, keepdims=True)"
    ),
    "softmax_loss(scores, y)": (
        "p = softmax(scores)\nn = np.arange(len(y))\nloss = -np.log(p[n, y]).mean()\n"
        "p = p.copy()\np[n, y] -= 1\nreturn loss, p / len(y)"
    ),
    "batchnorm(x, gamma, beta)": (
        "return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5) + beta"
    ),
    "momentum(w, dw, v, rate)": "v = 0.9 * v - rate * dw\nreturn w + v, v",
}
FIGURES = [
    "x = np.linspace(-3, 3, 200)\nfigure, axes = plt.subplots(1, 2, figsize=(9, 3))\n"
    "axes[0].plot(x, np.maximum(0, x), label='ReLU')\naxes[0].legend()\n"
    "axes[1].plot(x, np.tanh(x), '--', label='tanh')\naxes[1].legend()\nplt.show()",
    "plt.plot(losses)\nplt.xlabel('step')\nplt.ylabel('loss')\nplt.title('training')\nplt.show()",
]
TRAINING = """
x, y = rng.normal(size=(200, 20)), rng.integers(5, size=200)
w1, b1 = 0.1 * rng.normal(size=(20, 64)), np.zeros(64)
w2, b2 = 0.1 * rng.normal(size=(64, 5)), np.zeros(5)
v1, v2, losses = 0, 0, []
for step in range(500):
    hidden = affine_forward(x, w1, b1)
    active = relu_forward(hidden)
    loss, upstream = softmax_loss(affine_forward(active, w2, b2), y)
    losses.append(loss)
    upstream, dw2, db2 = affine_backward(upstream, active, w2)
    _, dw1, db1 = affine_backward(relu_backward(upstream, hidden), x, w1)
    w1, v1 = momentum(w1, dw1, v1, 0.1)
    w2, v2 = momentum(w2, dw2, v2, 0.1)
print(f"loss {losses[0]:.2f} -> {losses[-1]:.2f}")
"""
VISIBLE = {
    "affine_shape": (
        "out = affine_forward(np.ones((2, 3)), np.ones((3, 4)), np.zeros(4))\n"
        "assert out.shape == (2, 4)"
    ),
    "relu_values": "assert np.allclose(relu_forward(np.array([-1.0, 2.0])), [0, 2])",
    "softmax_sums": "assert np.allclose(softmax(rng.normal(size=(50, 9))).sum(1), 1)",
    "training_works": "assert losses[-1] < 0.7 * losses[0]",
}
HIDDEN = {
    "affine_values": (
        "x, w, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)",
        "assert np.allclose(affine_forward(x, w, b), np.einsum('ij,jk->ik', x, w) + b)",
    ),
    "affine_gradient": (
        "x, w, b = rng.normal(size=(10, 12)), rng.normal(size=(12, 8)), rng.normal(size=8)\n"
        "dx, dw, db = affine_backward(np.ones((10, 8)), x, w)",
        "assert error(dx, numerical_gradient(lambda x: affine_forward(x, w, b), x)) < 1e-6\n"
        "assert error(dw, numerical_gradient(lambda w: affine_forward(x, w, b), w)) < 1e-6",
    ),
    "relu_gradient": (
        "x = rng.normal(size=(20, 30))\ndx = relu_backward(np.ones_like(x), x)",
        "assert error(dx, numerical_gradient(relu_forward, x)) < 1e-6",
    ),
    "loss_gradient": (
        "s, y = rng.normal(size=(20, 10)), rng.integers(10, size=20)\n_, ds = softmax_loss(s, y)",
        "assert error(ds, numerical_gradient(lambda s: softmax_loss(s, y)[0], s)) < 1e-5",
    ),
    "batchnorm_moments": (
        "out = batchnorm(rng.normal(3, 5, size=(100, 7)), 2.0, 1.0)\nassert out.shape == (100, 7)",
        "assert np.allclose(out.mean(0), 1) and np.allclose(out.std(0), 2, atol=1e-3)",
    ),
    "momentum_steps": (
        "w, v = momentum(np.ones(3), np.ones(3), np.zeros(3), 0.5)\nassert np.allclose(w, 0.5)",
        "w, v = momentum(w, np.ones(3), v, 0.5)\nassert np.allclose(w, -0.45)",
    ),
}
WRONG = {"relu_backward(upstream, x)": "return upstream * (x < 0)", "momentum(w, dw, v, rate)":
         "return w - rate * dw, v"}  # fmt: skip
RAISES = {"softmax(scores)": "return np.exp(scores) @ scores"}
KINDS = [SOLUTIONS, {**SOLUTIONS, **WRONG}, {**SOLUTIONS, **RAISES}]
"""Answers by signature: right, two wrong, one that raises."""


def source() -> NotebookNode:
    """The instructor's notebook."""
    cells = [_cell("setup", SETUP.strip(), locked=True), _cell("plots", FIGURES[0])]
    cells += [_cell(_name(s), _solved(s, body), solution=True) for s, body in SOLUTIONS.items()]
    cells += [_cell("training", TRAINING.strip(), locked=True), _cell("curve", FIGURES[1])]
    cells += [_cell(name, code, locked=True, points=1) for name, code in VISIBLE.items()]
    cells += [
        _cell(name, f"{code}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS",
              locked=True, points=2)
        for name, (code, hidden) in HIDDEN.items()
    ]  # fmt: skip
    question = new_markdown_cell("Why does the loss fall?")
    question.metadata.nbgrader = _label("why", solution=True, points=3)
    return new_notebook(cells=[*cells, question])


def make(root: Path, count: int) -> Path:
    """A course whose class hands in all kinds of answers in turn."""
    place = root / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(source(), place)
    (root / "nbgrader_config.py").write_text(PLAIN)
    command(root, "nbgrader", "generate_assignment", ASSIGNMENT, "--create")
    for number in range(count):
        folder = root / "submitted" / student(number) / ASSIGNMENT
        folder.mkdir(parents=True)
        nbformat.write(answered(root, KINDS[number % len(KINDS)]), folder / f"{NOTEBOOK}.ipynb")
    return root


def answered(root: Path, answers: dict[str, str]) -> NotebookNode:
    """The released notebook with these answers in it."""
    released = root / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(released, as_version=4)
    bodies = {_name(signature): _function(signature, body) for signature, body in answers.items()}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = bodies.get(name, cell.source)
    return notebook


def _cell(name: str, code: str, **label: bool | int) -> NotebookNode:
    cell = new_code_cell(code)
    if label:
        cell.metadata.nbgrader = _label(name, **label)
    return cell


def _label(
    name: str, *, solution: bool = False, locked: bool = False, points: int = 0
) -> dict[str, object]:
    label = {"schema_version": 3, "grade_id": name, "solution": solution, "locked": locked}
    return {**label, "task": False, "grade": points > 0, **({"points": points} if points else {})}


def _name(signature: str) -> str:
    return signature.partition("(")[0]


def _function(signature: str, body: str) -> str:
    return f"def {signature}:\n    " + body.replace("\n", "\n    ")


def _solved(signature: str, body: str) -> str:
    marked = f"### BEGIN SOLUTION\n{body}\n### END SOLUTION"
    return _function(signature, marked)
