# %%
import matplotlib
matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.show(block=True)

# %%
%matplotlib qt
plt.plot([1, 2])
plt.show()

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
