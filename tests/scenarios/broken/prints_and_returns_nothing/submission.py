# %%
def one_path_derivative(x, w, b):
    print((1 - np.tanh(w * x + b) ** 2) * w)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
