# %%
%load_ext autoreload
%autoreload 2
%timeit -n1 -r1 1 + 1
!python --version
%cd ..
%no_such_magic
files = !ls

# %%
%%time
x = 1

# %%
%%bash
echo hello

# %%
np.sum?

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
