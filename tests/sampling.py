"""Which of many cases `make test` runs: the rest are marked `thorough`, and `.ci/run` adds them."""

import pytest


def sampled(cases, one_in):
    """The cases as parameters; all but every `one_in`-th, from the first on, are thorough."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=[pytest.mark.thorough] if number % one_in else [],
        )
        for number, case in enumerate(cases)
    ]
