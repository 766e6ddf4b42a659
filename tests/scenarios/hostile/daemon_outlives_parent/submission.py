# %%
import os, time
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(100):
                time.sleep(0.1)
                open("/tmp/chainrule-mark-daemon", "w").close()
        os._exit(0)
try:
    daemon()
except OSError:
    print("refused")

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
