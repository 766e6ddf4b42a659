# %%
def half_mse(a, y):
    return [[]]

# %%
def one_path_derivative(x, w, b):
    return np.array([object()] * 3)

# %%
def several_paths_derivative(x, y, dx_ds, dy_ds):
    yield from x

# %%
def forward_pass(x, weights, biases):
    return np.zeros((10**5, 10**5), dtype=np.float64)

# %%
def relative_error(a, n, floor=1e-8):
    nested = []
    for _ in range(10**5):
        nested = [nested]
    return nested
