# %%
from IPython.display import HTML, Javascript, SVG, Markdown, display
display(HTML("<script>alert(1)</script><img src=x onerror=alert(2)>"))
display(Javascript("alert(3)"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(4)'/>"))
display(Markdown("![x](https://example.org/spy.png) <script>alert(5)</script>"))
display({"text/html": "<script>", "application/javascript": "alert(6)", "text/plain": "<b>"}, raw=True)
print("<script>alert(7)</script>")
class Card:
    def _repr_html_(self): return "<iframe src='https://example.org'></iframe>"
Card()

# %%
def half_mse(a, y):
    return float(((a - y) ** 2).sum() / (2 * len(a)))

# %%
def layer_gradients(a_prev, delta):
    return a_prev.T @ delta, delta.sum(axis=0)
