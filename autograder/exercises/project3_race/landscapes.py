"""Configurations and the losses they would end at: trainings that cost nothing to try."""

import numpy as np

RANGES = {"rate": (1e-5, 10.0), "penalty": (1e-7, 1.0), "scale": (1e-3, 10.0)}
WEIGHTS = {"rate": 0.3, "penalty": 0.02, "scale": 0.1}
BUDGET = 3000


class SpentAll(RuntimeError):
    """More steps are asked for than are left."""


class Landscape:
    """A lowest place somewhere in the ranges, and rates from which on the loss is NaN.

    Short trainings tell less: they have not come down yet, and are noisy.
    """

    def __init__(self, rng, budget=BUDGET):
        self.rng = rng
        inside = {n: (np.log10(a) + 1.2, np.log10(b) - 1.2) for n, (a, b) in RANGES.items()}
        self.lowest = {name: rng.uniform(*ends) for name, ends in inside.items()}
        self.left = budget
        self.tried = []

    def gap(self, configuration):
        """What a long training would end at, above the lowest place; infinite if it diverges."""
        away = {n: np.log10(float(configuration[n])) - low for n, low in self.lowest.items()}
        if away["rate"] > 1.5:
            return np.inf
        return float(sum(WEIGHTS[name] * d**2 for name, d in away.items()))

    def score(self, configuration, steps):
        """The loss after so many steps, which are taken off the budget."""
        steps = int(steps)
        self.tried.append((dict(configuration), steps, self.left - steps))
        if steps < 1 or steps > self.left:
            raise SpentAll(f"only {self.left} steps are left")
        self.left -= steps
        gap = self.gap(configuration)
        if not np.isfinite(gap):
            return float("nan")
        noise = self.rng.normal(0, 0.3 / np.sqrt(steps))
        return float(0.1 + gap + 2.2 * np.exp(-steps / 25) + noise)

    def handed_over(self):
        """The function that a search is given."""

        def score(configuration, steps):
            return self.score(configuration, steps)

        return score
