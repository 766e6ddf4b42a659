"""Arguments for any reference function, made from the rules that it declares.

A rule is a closure: its qualified name says which kind of rule it is, its free variables are what
it was made from. So a new function is swept as soon as it declares rules; only what rules do not
say (a callable, a model) is looked up by the argument's name, and a cache is asked of the forward
function of the same name.
"""

import functools
import inspect
import itertools
import pkgutil
from importlib import import_module

import numpy as np

import reference_impl
from reference_impl.activations import tanh_backward, tanh_forward
from reference_impl.backprop import sigmoid, softmax_cross_entropy
from reference_impl.classic_networks import Cascade
from reference_impl.network import dense, sequential
from reference_impl.optimizers import sgd_step
from reference_impl.regularization import mean_squared_error, ridge_fit
from reference_impl.validation.conversion import as_given

SIZES = {"N": 12, "D": 3, "two": 2, "K": 2, "L": 2, "n": 4, "C": 2}
"""Axes whose length matters to somebody; all others have five."""


def public_functions():
    """Every public function of the reference by its name, `module.function`."""
    found = {}
    for module in pkgutil.walk_packages(reference_impl.__path__, "reference_impl."):
        if not module.name.startswith("reference_impl.validation"):
            here = import_module(module.name)
            for name, function in inspect.getmembers(here, inspect.isfunction):
                if function.__module__ == module.name and not name.startswith("_"):
                    found[f"{module.name.removeprefix('reference_impl.')}.{name}"] = function
    return found


def rules_of(function):
    """The rules that a function declares, by argument."""
    variables = inspect.getclosurevars(function).nonlocals
    return {name: rule for _, name, _, rule in variables.get("declared", ())}


def arguments_of(path, numbers):
    """One ordinary call of a function: all its arguments by name.

    `numbers(shape)` draws the entries of arrays.
    """
    function, made, sizes = public_functions()[path], {}, {}
    if {"dout", "dstates"} & set(inspect.signature(function).parameters):
        made = _upstream(path, numbers)
    for name, rule in rules_of(function).items():
        special = (function.__name__, name) in BY_NAME or _kind(rule) == "function"
        if name not in made and not special:
            made[name] = example(rule, sizes, numbers)
    parameters = inspect.signature(function).parameters
    for name in set(parameters) - set(made):
        named = BY_NAME.get((function.__name__, name), BY_NAME.get(name))
        if named or parameters[name].default is inspect.Parameter.empty:
            made[name] = named(numbers)
    return {name: made[name] for name in parameters if name in made}


def _upstream(path, numbers):
    """Gradient and cache of a backward function, from the forward function of the same name."""
    forward = path.split("_backward")[0].split("_by_loops")[0] + "_forward"
    if forward not in public_functions():
        return {}
    arguments = arguments_of(forward, numbers)
    out, cache, *_ = public_functions()[forward](**arguments)
    name = "dstates" if "elman" in path else "dout"
    return {**arguments, name: numbers(out.shape), "cache": cache}


def example(rule, sizes, numbers):
    """A value that obeys a rule, given the sizes that the rules before it have set."""
    kind = _kind(rule)
    made_from = inspect.getclosurevars(rule).nonlocals
    if kind not in EXAMPLES:
        raise LookupError(f"no example for the rule {kind}: write one in {__file__}")
    return EXAMPLES[kind](made_from, sizes, numbers)


def _kind(rule):
    return rule.__qualname__.split(".")[0]


def _length(size, sizes):
    return SIZES.get("_", 5) if size == "_" else sizes.setdefault(size, SIZES.get(size, 5))


def _sized(rule, sizes, numbers):
    shape = tuple(_length(size, sizes) for size in rule["names"])
    if rule["read"] is as_given:
        return np.arange(np.prod(shape)).reshape(shape) % 2
    return numbers(shape)


def _batch(rule, sizes, numbers):
    features = _length("D", sizes)
    shape = (_length(rule["rows"], sizes), features)
    sizes |= {rule["channels"]: features, rule["features"]: features}
    return numbers(shape)


def _names(rule):
    return inspect.getclosurevars(rule).nonlocals["names"]


def _labels(rule, sizes, _numbers):
    (size,) = _names(rule["fits"])
    return np.arange(_length(size, sizes)) % sizes[rule["classes"]]


def _sequence_labels(rule, sizes, _numbers):
    shape = tuple(sizes[name] for name in _names(rule["fits"]))
    return np.arange(np.prod(shape)).reshape(shape) % 2


def _weights(rule, sizes, numbers):
    widths = [_length(rule["first"], sizes), 5, _length(rule["last"] or "C", sizes)]
    sizes |= {"widths": widths[1:], "layers": 2}
    return [numbers(shape) for shape in itertools.pairwise(widths)]


def _one_input(rule, sizes, numbers):
    sizes["input"] = 1
    return example(rule["rule"], sizes, numbers)


def _inner(change):
    return lambda rule, sizes, numbers: change(example(rule["rule"], sizes, numbers))


def _with_one(found):
    found[..., 0] = 1
    return found


def _symmetric(rule, sizes, numbers):
    half = np.triu(example(rule["square"], sizes, numbers), 1)
    return half + half.T


def _limited(rule, sizes, numbers):
    """Entries above 0, or from 0 to 1, as the limit demands."""
    limit = inspect.getclosurevars(rule["limit"]).nonlocals
    found = example(rule["rule"], sizes, numbers)
    if limit["above"] == 0:
        return np.abs(found) % 2 + (1 if limit["below"] > 1 else 0)
    if limit["least"] == 0:
        return np.abs(found) % 2 if limit["most"] == 1 else np.abs(found)
    return found


def _number(rule, sizes, _numbers):
    fits = [
        n
        for n in (1.0, 0.5, 2.0)
        if rule["above"] < n < rule["below"] and rule["least"] <= n <= rule["most"]
    ]
    sizes[rule["size"]] = fits[0]
    return fits[0]


def _count(rule, sizes, _numbers):
    most = sizes[rule["most"]] if isinstance(rule["most"], str) else rule["most"]
    sizes[rule["size"]] = found = min(max(rule["least"], 2), most)
    return found


def _counts(rule, _sizes, _numbers):
    least = inspect.getclosurevars(rule["whole"]).nonlocals["least"]
    return [max(least, 2)] * max(rule["length"], 2)


EXAMPLES = {
    "_layers_of": lambda rule, sizes, numbers: [1, sizes[rule["units"]] - 1],
    "_targets": lambda rule, sizes, numbers: np.arange(sizes["N"]) % 2,
    "sized": _sized,
    "batch": _batch,
    "array": lambda rule, sizes, numbers: numbers((4, 3)),
    "table": lambda rule, sizes, numbers: numbers((3, _length(rule["columns"], sizes))),
    "series": lambda rule, sizes, numbers: numbers((7,)),
    "kernels": lambda rule, sizes, numbers: example(rule["fits"], sizes, numbers),
    "couplings": _symmetric,
    "solvable": _inner(lambda found: found),
    "most_columns": _inner(lambda found: found),
    "not_all_zero": _inner(_with_one),
    "rows_not_zero": _inner(_with_one),
    "zeros_and_ones": _inner(lambda found: np.abs(found) % 2),
    "entries": _limited,
    "class_labels": _labels,
    "integers": lambda rule, sizes, numbers: np.arange(_length(*_names(rule["fits"]), sizes)),
    "permutation": lambda rule, sizes, numbers: np.arange(sizes["H"])[::-1].copy(),
    "sequence_labels": _sequence_labels,
    "binary_labels": lambda rule, sizes, numbers: np.arange(_length("N", sizes)) % 2,
    "number": _number,
    "greater": lambda rule, sizes, numbers: sizes[rule["other"]] + 1,
    "number_or": _inner(lambda found: found),
    "count": _count,
    "counts": _counts,
    "window": lambda rule, sizes, numbers: sizes.setdefault("K", sizes.setdefault("L", 2)),
    "window_side": lambda rule, sizes, numbers: sizes.setdefault("K", sizes.setdefault("L", 2)),
    "maps": lambda rule, sizes, numbers: numbers((sizes["N"], 2, 2, 2)),
    "choice": lambda rule, sizes, numbers: rule["options"][0],
    "choice_of": lambda rule, sizes, numbers: rule["options"][0],
    "flag": lambda rule, sizes, numbers: True,
    "generator": lambda rule, sizes, numbers: np.random.default_rng(0),
    "optional": lambda rule, sizes, numbers: example(rule["rule"], {}, numbers),
    "tensors": lambda rule, sizes, numbers: {"0.W": numbers((3, 2)), "0.b": numbers((2,))},
    "array_list": lambda rule, sizes, numbers: [
        example(rule["item"], sizes, numbers) for _ in range(2)
    ],
    "weight_list": _weights,
    "bias_list": lambda rule, sizes, numbers: [numbers((width,)) for width in sizes["widths"]],
    "unit_list": lambda rule, sizes, numbers: tuple(
        numbers((sizes[rule["inputs"]] + 1 + i,)) for i in range(2)
    ),
    "items": lambda rule, sizes, numbers: [{"rate": 1.0 + i} for i in range(7)],
    "memory": lambda rule, sizes, numbers: (
        {
            entry: {name: np.abs(v) for name, v in _tensors(numbers).items()}
            for entry in rule["entries"]
        }
        | {"t": 2}
    ),
    "no_less": lambda rule, sizes, numbers: sizes[rule["other"]],
    "ranges": lambda rule, sizes, numbers: {"rate": (0.5, 2.0)},
    "one_input": _one_input,
    "parts": lambda rule, sizes, numbers: tuple(
        example(part, sizes, numbers) for part in rule["rules"]
    ),
}


def _cascade(numbers):
    return Cascade((numbers((4,)), numbers((5,))), numbers((6, 2)))


def _tensors(numbers):
    return {"0.W": numbers((3, 2)), "0.b": numbers((2,))}


def _constant(value):
    return lambda numbers: value


BY_NAME = {
    "activation": _constant(np.tanh),
    "advance": _constant(lambda weights: 0.9 * weights),
    "validation_loss": _constant(lambda weights: float(np.sum(np.square(weights)))),
    "backward": _constant(tanh_backward),
    "derivative": _constant(lambda x: x - 1),
    "error": _constant(mean_squared_error),
    "f": _constant(np.square),
    "fit": _constant(ridge_fit),
    "inner": _constant(dense(3, 3)),
    "train_from": _constant(lambda params: (params, float(np.sum(params["0.b"])))),
    "forward": _constant(tanh_forward),
    "gradient": _constant(lambda theta: theta),
    "initialise": _constant(lambda n_in, n_out: np.ones((n_in, n_out))),
    "loss": _constant(lambda params: float(sum(np.sum(p) for p in params.values()))),
    "loss_and_gradient": _constant(lambda params: (float(np.sum(params["0.b"])), params)),
    "schedule": _constant(lambda t: 0.5 / (t + 1)),
    "score": _constant(lambda configuration, steps=1: configuration["rate"]),
    "train_layer": _constant(lambda x, size: (x[:1].T.repeat(size, 1), x[0, :1].repeat(size))),
    "step": _constant(functools.partial(sgd_step, rate=0.5)),
    **{
        (name, "loss"): _constant(softmax_cross_entropy)
        for name in ("evaluate", "loss_and_gradients", "train", "trainer", "training_step")
    },
    ("numerical_gradient", "f"): _constant(np.sum),
    ("ensemble_average", "f"): _constant(lambda h: sigmoid(h.sum(axis=1))),
    ("geometric_ensemble", "f"): _constant(lambda h: sigmoid(h.sum(axis=1))),
    ("geometric_ensemble_of_scores", "f"): _constant(lambda h: h.sum(axis=1)),
    # what has no rule, or more meaning than its rule says
    "layers": _constant([dense(3, 2)]),
    "model": _constant(sequential([dense(3, 2)])),
    "params": _tensors,
    "state": _constant({}),
    "values": _constant({"rate": [1.0, 2.0]}),
    ("cascade_predict", "network"): _cascade,
    ("discriminants", "within"): lambda numbers: np.diag([1.0, 2.0, 4.0]),  # positive definite
    ("rbf_interpolate", "x"): lambda numbers: np.eye(SIZES["N"]),  # no two examples are the same
}
