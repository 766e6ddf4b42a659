# %%
%matplotlib inline
!echo shell
import asyncio
await asyncio.sleep(0)
import matplotlib.pyplot as plt
plt.plot([1, 2]);

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))
