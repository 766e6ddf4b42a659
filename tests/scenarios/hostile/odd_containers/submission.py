# %%
import numpy as np

# %%
def one_path_derivative(x, w, b):
    return np.ma.masked_all(x.shape)

# %%
def several_paths_derivative(x, y, dx_ds, dy_ds):
    return np.ma.array(np.zeros(x.shape), mask=True)

# %%
def output_error(a, y, z):
    return np.rec.array(np.zeros(a.shape))

# %%
def hidden_error(delta_next, W_next, z):
    values = np.zeros(z.shape)
    values.flags.writeable = False
    return memoryview(values)

# %%
def forward_pass(x, weights, biases):
    return {None: x, (1, 2): x, 3.0: x, "": x}

# %%
def relative_error(analytic, numeric, floor=1e-8):
    return np.memmap("file.bin", dtype="f8", mode="w+", shape=analytic.shape)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
