"""Adam with one thing exchanged, for wrong answers: this file is not in the student's kit."""

import numpy as np


def step(params, grads, state, options, *, square=None, divide=None, count=None, m_correction=True,
          v_correction=True, write_back=False, kept=("t", "m", "v"), fresh=1.0):  # fmt: skip
    """Adam with one thing exchanged; the misconceptions of `adam_step` say which."""
    rate, beta1, beta2, epsilon, bias_correction = options
    t = state.get("t", 0) + 1
    zeros = {name: np.zeros(np.shape(p)) for name, p in params.items()}
    old_m, old_v = state.get("m") or zeros, state.get("v") or zeros
    square = square or (lambda g, m: g**2)
    m = {n: beta1 * old_m[n] + (1 - beta1 if fresh else 1.0) * grads[n] for n in params}
    v = {
        n: beta2 * old_v[n] + (1 - beta2 if fresh else 1.0) * square(grads[n], m[n]) for n in params
    }
    power = t if count is None else count
    a = 1 - beta1**power if bias_correction and m_correction else 1.0
    b = 1 - beta2**power if bias_correction and v_correction else 1.0
    divide = divide or (lambda v, b: np.sqrt(v / b) + epsilon)
    after = {n: params[n] - rate * (m[n] / a) / divide(v[n], b) for n in params}
    if write_back:
        m, v = {n: x / a for n, x in m.items()}, {n: x / b for n, x in v.items()}
    new = {"t": t, "m": m, "v": v}
    return after, {key: new[key] for key in kept}


def options_of(rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, bias_correction=True):
    """The hyper-parameters in order, defaults filled in."""
    return rate, beta1, beta2, epsilon, bias_correction
