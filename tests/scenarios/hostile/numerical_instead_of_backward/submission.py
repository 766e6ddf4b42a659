# %%
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = (f(up) - f(down)) / (2 * h)
    return gradient

# %%
def backprop(x, y, weights, biases):
    def cost(k, kind, value):
        parts = {"W": list(weights), "b": list(biases)}
        parts[kind][k] = value
        a = x
        for W, b in zip(parts["W"], parts["b"]):
            a = sigmoid(a @ W + b)
        return ((a - y) ** 2).sum() / (2 * len(y))
    def slopes(kind, values):
        return [numerical_gradient(lambda v: cost(k, kind, v), values[k]) for k in range(len(values))]
    return slopes("W", weights), slopes("b", biases)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
