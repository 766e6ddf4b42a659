# %%
import numpy
list, sum, max, len_ = [1, 2], 3, 4, 5
np = numpy
sigmoid = 0.5
check = None

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
