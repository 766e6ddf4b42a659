# %%
import time
time.sleep(10**9)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
