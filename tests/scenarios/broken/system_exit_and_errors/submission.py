# %%
import sys
sys.exit(3)

# %%
raise KeyboardInterrupt

# %%
1 / 0

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))
