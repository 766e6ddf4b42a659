# %%
import os, tempfile, threading, time
threading.Thread(target=time.sleep, args=(1000,)).start()
os.environ.update(PYTHONPATH="/tmp", PYTHONSTARTUP="x.py", LD_PRELOAD="evil.so", HOME="/x")
for folder in ("/tmp", "/dev/shm", "/var/tmp", tempfile.gettempdir()):
    try:
        open(f"{folder}/chainrule-mark-left", "w").close()
    except OSError:
        pass
try:
    from multiprocessing import shared_memory
    shared_memory.SharedMemory("chainrule-mark-memory", create=True, size=4096)
except OSError:
    print("refused")

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
