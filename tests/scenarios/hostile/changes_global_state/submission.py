# %%
import locale, os, random, sys, time, warnings
import numpy as np
np.seterr(all="raise")
np.random.seed(0)
random.seed(0)
warnings.simplefilter("error")
np.set_printoptions(precision=0)
time.time = time.monotonic = lambda: 0.0
sys.setswitchinterval(1000)
os.umask(0o777)
os.chdir("/")
sys.path.clear()
try:
    time.clock_settime(time.CLOCK_REALTIME, 0)
except OSError:
    pass

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
