# %%
for i in range(50_000):
    print("x" * 100)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))
