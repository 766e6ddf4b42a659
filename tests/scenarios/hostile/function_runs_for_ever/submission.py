# %%
def one_path_derivative(x, w, b):
    while True:
        pass

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))
