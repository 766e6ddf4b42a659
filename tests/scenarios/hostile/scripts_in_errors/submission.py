# %%
raise ValueError("<script>alert(1)</script>")

# %%
def one_path_derivative(x, w, b):
    raise ValueError("<script>alert(1)</script><img src=x onerror=alert(2)>")

# %%
def several_paths_derivative(x, y, dx_ds, dy_ds):
    raise type("<script>alert(3)</script>", (Exception,), {})("=cmd|'/c calc'!A1")

# %%
def output_error(a, y, z):
    return "<script>alert(4)</script>"

# %%
def hidden_error(delta_next, W_next, z):
    return {"<img src=x onerror=alert(5)>": 1}

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
