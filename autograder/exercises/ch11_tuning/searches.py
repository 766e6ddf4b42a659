"""Searches that narrow from round to round: what they tried, and where they should have looked."""

import numpy as np

from autograder.exercises.ch11_tuning import draws
from autograder.exercises.ch11_tuning.random_configurations import columns
from autograder.judging.compare import Failed, agree, as_array, sequence


def ranked(losses):
    return [int(i) for i in np.argsort(losses, kind="stable") if not np.isnan(losses[i])]


def search(f, rng, score, ranges, trials, rounds=2, keep=3, *flag, short=False):
    """One search: its configurations as columns, and its losses; `Failed` if it is malformed."""
    asked = []

    def counted(configuration):
        asked.append(dict(configuration))
        return score(configuration)

    arguments = (rng, counted, ranges, trials) + (() if short else (rounds, keep, *flag))
    tried, losses = sequence(f(*arguments), 2)
    table = columns(tried, ranges, trials * rounds)
    losses = as_array(losses, "the losses")
    if losses.shape != (trials * rounds,):
        raise Failed(f"the losses have shape {losses.shape}, expected ({trials * rounds},)")
    if len(asked) != trials * rounds:
        raise Failed(f"{len(asked)} runs were made, expected {trials} · {rounds}")
    own = [score({n: float(table[n][i]) for n in ranges}) for i in range(trials * rounds)]
    agree(losses, np.array(own), rtol=1e-9, what="the losses, of the configurations in their order")
    return table, losses


def spans(table, losses, ranges, trials, rounds, keep):
    """The ranges that each round should have had."""
    found = [dict(ranges)]
    for r in range(1, rounds):
        best = ranked(losses[: r * trials])[:keep]
        found.append({n: (table[n][best].min(), table[n][best].max()) for n in ranges})
    return found


def located(found, ranges, trials, rounds, keep, logarithmic=True):
    """Where in the range that it should have had each draw is, name by name; `Failed` outside."""
    table, losses = found
    u = {n: [] for n in ranges}
    for r, span in enumerate(spans(table, losses, ranges, trials, rounds, keep)):
        for n, (low, high) in span.items():
            part = table[n][r * trials : (r + 1) * trials]
            try:
                place = draws.places(part, low, high, logarithmic)
            except Failed as failure:
                raise Failed(f"round {r + 1}, {n}: {failure.message}") from None
            u[n].append(place if high > low else np.full(trials, np.nan))
    return u
