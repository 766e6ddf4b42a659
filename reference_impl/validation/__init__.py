"""What may go into a function, declared beside it, so that its body stays pure mathematics.

    @requires(a=matrix("N", "C"), y=matrix("N", "C"))
    def half_mse(a, y): ...

Each rule looks at one argument. A size's name means the same number wherever it occurs in one
declaration: here `a` and `y` must have as many rows, and as many columns; only `_` may be another
number every time. Sizes are at least 1.
Rules convert what may be meant: arrays of whole numbers or truth values become float64, NumPy's
numbers become Python's, labels become indices; an array of floats goes through as it is, in its
precision. A plain number is the array of no axes. What breaks a rule, also a list where an array is
wanted, raises `ValueError` with what was given and what was expected.
"""

from reference_impl.validation.arrays import (
    array,
    batch,
    kept,
    matrix,
    most_columns,
    series,
    solvable,
    table,
    tensor,
    vector,
)
from reference_impl.validation.collections import (
    array_list,
    bias_list,
    memory,
    one_input,
    parts,
    tensors,
    unit_list,
    weight_list,
)
from reference_impl.validation.contents import (
    couplings,
    entries,
    not_all_zero,
    rows_not_zero,
    zeros_and_ones,
)
from reference_impl.validation.images import (
    image_shape,
    kernels,
    maps,
    pixels,
    window,
    window_side,
)
from reference_impl.validation.labels import (
    binary_labels,
    class_labels,
    indices,
    integers,
    permutation,
    sequence_labels,
)
from reference_impl.validation.numbers import (
    choice_of,
    count,
    counts,
    greater,
    no_less,
    number,
)
from reference_impl.validation.rules import requires
from reference_impl.validation.values import (
    choice,
    flag,
    function,
    generator,
    items,
    number_or,
    optional,
    ranges,
)

__all__ = [
    "array",
    "array_list",
    "batch",
    "bias_list",
    "binary_labels",
    "choice",
    "choice_of",
    "class_labels",
    "count",
    "counts",
    "couplings",
    "entries",
    "flag",
    "function",
    "generator",
    "greater",
    "image_shape",
    "indices",
    "integers",
    "items",
    "kept",
    "kernels",
    "maps",
    "matrix",
    "memory",
    "most_columns",
    "no_less",
    "not_all_zero",
    "number",
    "number_or",
    "one_input",
    "optional",
    "parts",
    "permutation",
    "pixels",
    "ranges",
    "requires",
    "rows_not_zero",
    "sequence_labels",
    "series",
    "solvable",
    "table",
    "tensor",
    "tensors",
    "unit_list",
    "vector",
    "weight_list",
    "window",
    "window_side",
    "zeros_and_ones",
]
