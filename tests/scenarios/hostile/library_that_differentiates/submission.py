# %%
def one_path_derivative(x, w, b):
    from autograd import elementwise_grad, numpy
    return elementwise_grad(lambda x: numpy.tanh(w * x + b))(x)

# %%
def several_paths_derivative(x, y, dx_ds, dy_ds):
    import jax
    return jax.grad(lambda s: x)(y)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
