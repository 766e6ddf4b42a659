# %%
def one_path_derivative():
    return 1

# %%
def several_paths_derivative(x, y, dx_ds, dy_ds, extra):
    return x

# %%
def output_error(*, a, y, z):
    return a

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
