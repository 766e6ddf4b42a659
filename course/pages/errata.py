# %% [markdown]
# # Slips of the notes
#
# The course grew out of five public study notes. What they believed and many people believe is told in the
# chapters. What is only a slip of the pen, a lost word or a mistranslation stands here, one line each, with
# what was meant; where there is something to compute, a cell computes it. Ids are those of the course's
# syllabus. If you never saw the notes, you need not read on.

# %% tags=["setup"]

# %% [markdown]
# ## Neurons
#
# **E77.** The example "shall we go to the cinema?" has lost its weights, and its story: in Nielsen's book the
# *weather* is the heavy factor, with $w = (6, 2, 2)$; in the note it is the film. With threshold 5 either works. ·
# **E79.** MNIST has not "ten thousand-odd" pictures but 70,000: 60,000 for training and 10,000 for testing. ·
# **E104.** "The algorithm of neural networks is reasoning by logical rules" describes *symbolic* artificial
# intelligence, in a garbled sentence; a network has numbers that were learned from examples. · **E105.** The picture
# of four examples that no line can separate is lost. The text fits XOR, which the course takes.

# %% erratum=["E77", "E79", "E104", "E105"] tags=["experiment"]
situations = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
for heavy, w in enumerate([(6, 2, 2), (2, 6, 2), (2, 2, 6)]):  # E77: the heavy one decides alone
    assert np.array_equal(situations @ w > 5, situations[:, heavy] == 1)
assert 60_000 + 10_000 == 70_000  # E79

bits, rule = situations[:4, 1:], [False, False, False, True]  # E104: the rule "x1 and x2" is nowhere ...
w, b = np.zeros(2), 0.0
for _ in range(6):
    for pair, wanted in zip(bits, rule):
        error = int(wanted) - int(pair @ w + b > 0)
        w, b = w + error * pair, b + error
assert (bits @ w + b > 0).tolist() == rule  # ... and the numbers that were learned act like it

line = np.linspace(-2, 2, 41)
w1, w2, b = (grid[..., None] for grid in np.meshgrid(line, line, line))
right = np.mean((w1 * bits[:, 0] + w2 * bits[:, 1] + b > 0) == [0, 1, 1, 0], axis=-1)
assert right.max() == 0.75  # E105: no line does XOR

# %% [markdown]
# ## Back-propagation
#
# **E81.** The gradient reads "nabla C = left[ frac partial C…": every backslash is gone. In an ordinary
# Python string `"\n"` is a line break, so `"\nabla"` becomes a line break and `abla`. Write formulas in
# *raw* strings, `r"\nabla"`.

# %% erratum=["E81"] tags=["experiment"]
assert "\nabla" == chr(10) + "abla"
assert r"\nabla" == chr(92) + "nabla"

# %% [markdown]
# ## Activations
#
# **E20.** "Given $x$, how do we get the maximum output?" Nobody maximises over $x$: given $x$ we *know which*
# element of each maxout group is the largest. · **E25.** *sigmod* is *sigmoid*. · **E31.** "Fisher matrices
# and *neural* gradients": *natural* gradients (自然, heard as 神经). · **E33.** "Computing $x$ is costly": it
# is $\exp(x)$. · **E36.** A large step makes a ReLU "lose data *diversity*": it is knocked off the data
# *manifold*; the data stay as diverse as they were.

# %% erratum=["E20", "E25", "E31", "E33", "E36"] tags=["experiment"]
try:
    sigmod(0.0)
except NameError as error:
    print(error)
else:
    raise AssertionError("Python should not know sigmod")

pieces = np.array([[0.2, 1.5], [0.9, -0.3]])  # two groups of two elements, for one fixed x
assert pieces.argmax(axis=0).tolist() == [1, 0]  # E20: x is given, the winners are known

rng = np.random.default_rng(0)
x, wanted = rng.random(size=(1000, 10)), rng.normal(size=10)
fisher, gradient = x.T @ x / len(x), -x.T @ (x @ wanted) / len(x)
assert np.allclose(-np.linalg.solve(fisher, gradient), wanted)  # E31: one natural step solves a bowl

cloud = rng.normal(size=(200, 2))
w, b = np.array([1.0, 0.6]), -9.0
assert np.all(cloud @ w + b < 0) and np.linalg.matrix_rank(np.cov(cloud.T)) == 2  # E36

# %% [markdown]
# ## Batch normalisation
#
# **E46.** "Batch *regularisation*" is normalisation; "Bata" is $\beta$; $\gamma$ and $\beta$ are *learned*,
# not "backed up"; "a matrix with $X$ activations" is the $N \times D$ matrix $X$; "diffuse" is the *spread*. ·
# **E47.** Test mode uses mean and *sigma*, not "mean and *sigmoid*".

# %% erratum=["E46", "E47"] tags=["experiment"]
x = np.random.default_rng(9).normal(5, 3, size=(64, 1))
by_sigma = (x - 5) / 3
by_sigmoid = (x - 1 / (1 + np.exp(-5.0))) / (1 / (1 + np.exp(-9.0)))
print(f"spread by mean and sigma {by_sigma.std():.2f}, by 'mean and sigmoid' {by_sigmoid.std():.2f}")
assert abs(by_sigma.std() - 1) < 0.3 and by_sigmoid.std() > 2

# %% [markdown]
# ## Regularisation
#
# **E56.** Complex models "are comparatively *honoured*" (比较荣誉): they *easily* (容易) overfit, which the cell
# shows. · **E96.** "L2 reduces w(coefficient while regularisation is…": the sentence breaks off. L2 shrinks the
# weights $w$, the more the larger its coefficient $\lambda$.

# %% erratum=["E56", "E96"] tags=["experiment"]
t = np.linspace(-1, 1, 12)
x, y = t[:, None] ** np.arange(12), np.sin(3 * t) + 0.2 * np.random.default_rng(0).normal(size=12)
lengths = [np.linalg.norm(np.linalg.solve(x.T @ x + s * np.eye(12), x.T @ y)) for s in (1e-4, 1e-2, 1, 100)]
print("lengths of the weights as λ grows:", np.round(lengths, 2))
assert np.all(np.diff(lengths) < 0)  # E96

between = np.linspace(-0.99, 0.99, 200)
off = [np.abs(np.polyval(np.polyfit(t, y, degree), between) - np.sin(3 * between)).max() for degree in (3, 11)]
assert off[1] > 2 * off[0]  # E56: the complex model errs more where it was not asked

# %% [markdown]
# ## Optimizers
#
# **E09, E18, E27.** Momentum's $V$ is a *velocity*, not a "factor added to the derivative": the derivative is
# subtracted. It does not "solve Momentum" but some local minima. The idea comes from *physics* (物理学), not
# from "science" (理学). · **E13.** $\varepsilon$ prevents a division by zero, not "a numerator divided by
# zero". · **E14.** "If the weight has notable updates, the cache becomes small": has *no* notable updates. ·
# **E29.** With Adagrad the rate is no longer *constant* and *continually* adapts; "no longer continuous" it is
# not. · **E85.** "Add n·V *and* α·gradient": the gradient is subtracted, $V = nV - \alpha\nabla L(W + nV)$. ·
# **E100.** `batcha_size` is `batch_size`.

# %% erratum=["E09", "E13", "E14", "E18", "E27", "E29", "E85", "E100"] tags=["experiment"]
down = up = 1.0
v_down = v_up = 0.0
for _ in range(100):  # the bowl of 5·w², whose slope is 10·w
    v_down = 0.9 * v_down - 0.01 * 10 * (down + 0.9 * v_down)
    v_up = 0.9 * v_up + 0.01 * 10 * (up + 0.9 * v_up)
    down, up = down + v_down, up + v_up
print(f"100 steps with the sign as it should be: w = {down:.1e}; with the note's: w = {up:.1e}")
assert abs(down) < 0.01 and up > 1e3  # E09, E85

caches = {slope: np.sum(np.full(50, slope) ** 2) for slope in (0.1, 10.0)}
assert caches[0.1] < caches[10.0]  # E14
rates = 1 / np.sqrt(np.cumsum(np.ones(30)))
assert len(set(rates)) == 30  # E29: no two rates are the same
with np.errstate(invalid="ignore"):
    assert np.array([0.0])[0] / 5.0 == 0 and np.isnan(np.float64(0) / np.float64(0))  # E13

# %% [markdown]
# ## Tuning
#
# **E49.** A network that has learned a small subset by heart is *overfitted*, not "over-saturated": a
# saturated sigmoid is one whose slope is 0.

# %% erratum=["E49"] tags=["experiment"]
x = np.linspace(0, 1, 6)
noisy = np.random.default_rng(1).normal(size=6)
by_heart = np.polynomial.Polynomial.fit(x, noisy, 5)
assert np.allclose(by_heart(x), noisy)  # overfitted to the last digit, and no sigmoid in sight

# %% [markdown]
# ## Classic networks
#
# **E70.** The Elman network is called a "*recursive* neural network" (递归神经网络, an old term): it is
# *recurrent*, a chain in time. A recursive network folds a *tree* with the same weights; a chain is the tree
# that leans to one side.

# %% erratum=["E70"] tags=["experiment"]
rng = np.random.default_rng(70)
W_x, W_h, words = rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), rng.normal(size=(4, 2))


def fold(tree):
    """The state of a tree: nothing, or a pair of the tree before and a word."""
    return np.zeros(3) if tree is None else np.tanh(words[tree[1]] @ W_x + fold(tree[0]) @ W_h)


h = np.zeros(3)
for word in words:
    h = np.tanh(word @ W_x + h @ W_h)
assert np.allclose(fold(((((None, 0), 1), 2), 3)), h)
