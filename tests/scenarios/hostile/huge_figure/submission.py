# %%
from IPython.display import display
import base64, os
class Figure:
    def _repr_png_(self):
        return b"\x89PNG\r\n\x1a\n" + bytes(20 * 2**20)
    def _repr_html_(self):
        return "<img src='data:image/png;base64," + "A" * 2 * 10**7 + "'>"
display(Figure())

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
