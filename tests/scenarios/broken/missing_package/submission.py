# %%
import seaborn as sns
from sklearn.metrics import mean_squared_error
import no_such_package

# %%
def one_path_derivative(x, w, b):
    import tensorflow as tf
    return tf.tanh(x)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
