# %%
print("\x1b[2J\x1b[31mred\x1b]0;title\x07\x00\x08\x9b2J\u202egnitar")
raise ValueError("\x1b[2J\x1b]52;c;ZXZpbA==\x07 \u202e \ud800 \x00 end")

# %%
def one_path_derivative(x, w, b):
    raise ValueError("\x1b[2J wiped \r\n\x00 \u202e \ud800")

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
