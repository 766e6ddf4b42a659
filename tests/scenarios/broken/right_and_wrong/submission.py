# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def one_path_derivative(x, w, b):
    return 1 - np.tanh(w * x + b) ** 2
