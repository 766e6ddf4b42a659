# %%
import sys, warnings
warnings.warn("careful")
print("on stderr", file=sys.stderr)

# %%
def half_mse(a, y):
    np.log(np.zeros(1))
    print("working", file=sys.stderr)
    warnings.warn("again")
    return float(((a - y) ** 2).sum() / (2 * len(a)))
