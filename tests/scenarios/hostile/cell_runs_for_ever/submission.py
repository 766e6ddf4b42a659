# %%
while True:
    try:
        import time
        time.sleep(1)
    except BaseException:
        pass

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))
