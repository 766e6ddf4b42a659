# %%
async def one_path_derivative(x, w, b):
    return x

# %%
async def helper():
    return 1

# %%
def several_paths_derivative(x, y, dx_ds, dy_ds):
    yield (y + 3 * x**2) * dx_ds + x * dy_ds

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
