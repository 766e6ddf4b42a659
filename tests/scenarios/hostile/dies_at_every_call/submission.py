# %%
import os

# %%
def one_path_derivative(x, w, b):
    os._exit(1)

# %%
def several_paths_derivative(x, y, dx_ds, dy_ds):
    os._exit(2)

# %%
def softmax_cross_entropy(logits, labels):
    os._exit(3)

# %%
def gradient_descent(gradient, theta, rate, steps):
    os._exit(4)

# %%
def forward_pass(x, weights, biases):
    os._exit(5)

# %%
def output_error(a, y, z):
    os._exit(6)

# %%
def hidden_error(delta_next, W_next, z):
    os._exit(7)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
