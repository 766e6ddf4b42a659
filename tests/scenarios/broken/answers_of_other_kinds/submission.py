# %%
import functools
class Layer:
    def __call__(self, a_prev, delta):
        return a_prev.T @ delta, delta.sum(axis=0)
def my_cost(a, y, factor):
    return float(((a - y) ** 2).sum() / (factor * len(a)))

# %%
def half_mse(): ...
half_mse = functools.partial(my_cost, factor=2)

# %%
def layer_gradients(): ...
layer_gradients = Layer()
