# %%
def gradient_descent(gradient, theta, rate, steps):
    while True:
        gradient(theta)

# %%
def numerical_gradient(f, x, h=1e-5):
    return f(lambda y: numerical_gradient(f, y))

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
