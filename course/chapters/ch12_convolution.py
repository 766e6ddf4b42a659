# %% [markdown]
# # Convolution: one small pair of eyes, used everywhere
#
# A handwritten 3 is a 3 wherever it stands on the paper. A dense layer does not know that: each of its units has
# a weight for every pixel, and what it has learned about the top left corner tells it nothing about the bottom
# right. With twenty maps of 24 by 24 units on a small grey image it has nine million weights. A convolution does
# the same work with 520. It looks through one small window, slides it over the image, and uses the same few
# weights everywhere. In this chapter you write it, forwards and backwards, with pooling, and let it read digits.
#
# **Before you start.** You have written the way back through a dense layer ([chapter 2](ch02_backprop)), and met
# images as arrays (N, C, H, W) in [chapter 6](ch06_batchnorm). Nothing else is needed, but patience with indices.
#
# **What you will have built.** A convolution by loops and its gradients, the same as one matrix product, max and
# mean pooling with their ways back, and a small network with eyes.
#
# **How to work.** Paper with squares is the best tool of this chapter. Do each example by hand before you write
# the loop, then the exercise, then the experiment that runs *your* function. Run the cells in order.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of: a
# good mistake teaches more than a smooth page.
#
# **Conventions.** Images are `x` of shape $(N, C, H, W)$: examples, channels, rows, columns. Kernels are `W` of
# shape $(F, C, K, L)$: filters, channels, rows, columns. Like every deep-learning library we slide the kernel *as
# it is*; mathematics flips it first and calls our operation cross-correlation.
# What is handed in to a function stays as it was.

# %% tags=["setup"]

# %% tags=["given"] given="softmax_cross_entropy"
def as_image(*rows):
    """One grey image (1, 1, H, W) from its rows."""
    return np.array(rows, dtype=float)[None, None]


def digit_images():
    """The digits as images (1797, 1, 8, 8) with pixels from 0 to 1, and their labels."""
    images, labels = load_digits()
    return images.reshape(-1, 1, 8, 8), labels


# %% [markdown]
# ## Before you start: predict
#
# Eight questions. Answer them *now*, from what you know or guess. The experiments will answer them one after
# the other, and you may correct yourself before you hand in.

# %% exercise="convolution_predictions" component=["CV-05"]

# %% [markdown]
# ## 1. How many places has a window?
#
# A window of 3 pixels on a line of 5 can begin at pixel 0, 1 or 2: three places. Three things change the number.
# **Padding** adds zeros at both ends, so that the window can hang over the edge. The **stride** is how far one
# goes from one place to the next. And what is left over at the end, too short for another window, is ignored.
#
# *On paper.* 8 pixels, window 3, stride 2: it begins at 0, 2, 4; at 6 it would not fit. Three places. With one
# zero at each end the line has 10 pixels: 0, 2, 4, 6, four places.

# %% exercise="output_size" component=["CV-05"]

# %% component=["CV-05"] tags=["experiment"]
print("kernel on 28 pixels:", {k: output_size(28, k) for k in (1, 3, 5, 7)})
print("padding that keeps the size:", {k: (k - 1) // 2 for k in (3, 5, 7)})
assert all(output_size(28, k, 1, (k - 1) // 2) == 28 for k in (3, 5, 7))
for stride in (1, 2, 3):
    starts = [s for s in range(0, 28, stride) if s + 5 <= 28]
    assert output_size(28, 5, stride) == len(starts)

# %% [markdown]
# ## 2. Sliding a kernel
#
# At each place the window's pixels are multiplied by the kernel's weights, one by one, and added up; then comes
# the filter's bias. A kernel has weights for *every channel*, and the sum runs over all of them. Each filter
# makes one image of its own, a **feature map**.
#
# *On paper.* The image $\begin{pmatrix}1&2&3\\4&5&6\\7&8&9\end{pmatrix}$ and the kernel
# $\begin{pmatrix}1&0\\0&-2\end{pmatrix}$: at the top left $1\cdot1 - 2\cdot5 = -9$, to its right $2 - 12 = -10$,
# below $4 - 16 = -12$ and $5 - 18 = -13$. With the bias 10: $1, 0, -2, -3$.

# %% exercise="conv2d_by_loops" component=["CV-05", "CV-04"]

# %% [markdown]
# What can a kernel see? Four of them by hand, on one digit. A kernel of equal weights blurs; one with plus on one
# side and minus on the other finds edges, and its direction says which.

# %% component=["CV-05"] tags=["experiment"]
images, labels = digit_images()
hand_made = {
    "blur": np.full((3, 3), 1 / 9),
    "edges ↓": np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]]),
    "edges →": np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
    "spots": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]) / 4,
}
kernels = np.array(list(hand_made.values()))[:, None]
three = images[labels == 3][:1]
maps = conv2d_by_loops(three, kernels, np.zeros(4), 1, 1)
assert maps.shape == (1, 4, 8, 8)
figure, panels = plt.subplots(1, 5, figsize=(9, 2.3))
panels[0].imshow(three[0, 0], cmap="Greys")
panels[0].set_title("a 3")
for axes, name, one in zip(panels[1:], hand_made, maps[0]):
    limit = np.abs(one).max()
    axes.imshow(one, cmap="PuOr", vmin=-limit, vmax=limit)
    axes.set_title(name)
for axes in panels:
    axes.set_axis_off()
show(
    "A handwritten 3 and four maps of it: a blurred one, two in which edges across and down stand out in opposite "
    "colours, and one in which thin strokes and ends stand out."
)
flat = conv2d_by_loops(np.full((1, 1, 6, 6), 0.7), kernels, np.zeros(4))
assert np.allclose(flat[0, 1:], 0)  # where nothing changes there is no edge
assert np.allclose(flat[0, 0], 0.7)

# %% [markdown]
# **Turn the knobs.** A 3×3 kernel that looks for edges in one direction slides over a digit. Turn it round:
# which strokes light up?

# %%
def edges_in_a_direction(degrees, which):
    image = load_digits()[0][which].reshape(8, 8)
    tilt = np.deg2rad(degrees)
    rows, cols = np.mgrid[-1:2, -1:2]
    kernel = np.cos(tilt) * cols + np.sin(tilt) * rows
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(image, 1), (3, 3))
    _, axes = plt.subplots(1, 3, figsize=(6, 2.1))
    for place, picture, title in zip(axes, (image, kernel, np.einsum("pqij,ij->pq", windows, kernel)),
                                     ("digit", "kernel", "answer")):
        place.imshow(picture, cmap="RdBu_r", vmin=-np.abs(picture).max(), vmax=np.abs(picture).max())
        place.set_title(title)
        place.set_axis_off()
    return f"A digit, a kernel for edges turned by {degrees:g} degrees, and where it finds such edges."


with_knobs(edges_in_a_direction, degrees=np.arange(0, 360, 45), which=np.arange(10))

# %% [markdown]
# ## 3. What sharing saves, and what it promises
#
# All units of one map use the same kernel: they **share** its weights. Compare three layers with the same units:
# one that shares, one in which each unit has a small window but weights of its own, and a dense one.
#
# *On paper.* 28 × 28 pixels, 5 × 5 kernels, 20 maps. Places per map: $24 \cdot 24 = 576$. Shared:
# $20\,(25 + 1) = 520$. Local: $576 \cdot 520 = 299{,}520$. Dense: $20 \cdot 576 \cdot (784 + 1) = 9{,}043{,}200$.

# %% exercise="weight_counts" component=["CV-04", "CV-01"]

# %% component=["CV-04", "CV-01"] claim=["C-CV-05", "C-CV-04"] erratum=["E60"] tags=["experiment"]
counts = weight_counts(28, 28, 1, 20, 5)
print(counts)
assert counts == {"shared": 520, "local": 299520, "dense": 9043200}
lenet = weight_counts(32, 32, 1, 6, 5)  # the first layer of LeNet, 1998
print(f"LeNet's first layer: {lenet['shared']} weights, {lenet['local']:,} connections")
assert lenet["shared"] == 156 and lenet["local"] == 122_304
one_set_for_the_layer = 5 * 5 + 1
print(f"one set for the whole layer would be {one_set_for_the_layer}: then all 20 maps were the same map")
assert counts["shared"] == 20 * one_set_for_the_layer
twins = conv2d_by_loops(three, np.repeat(kernels[1:2], 3, axis=0), np.zeros(3))
assert np.ptp(twins, axis=1).max() == 0  # equal kernels make equal maps: nothing is gained
pooling_parameters = []  # what a pooling layer has to learn
assert sum(p.size for p in pooling_parameters) == 0

# %% [markdown]
# > **What the notes got wrong: "all neurons of a layer use the same weights".** Then all its maps would be the
# > same. What shares is the units of *one feature map*; a layer has many maps, each with a kernel of its own.
#
# Sharing also makes a promise. If the image moves, the maps move along (away from the borders): the layer treats
# all places alike. And seen from afar, a convolution *is* a dense layer, one whose weights are mostly zero and
# otherwise repeated. You can write that matrix down.

# %% exercise="convolution_matrix" component=["CV-04"]

# %% component=["CV-04"] claim=["C-CV-07"] tags=["experiment"]
kernel = np.arange(1.0, 10).reshape(1, 1, 3, 3)
dense = np.asarray(convolution_matrix(kernel, 8, 8))
picture = three.reshape(1, -1) @ dense
by_loops = conv2d_by_loops(three, kernel, np.zeros(1)).reshape(1, -1)
print(f"a matrix {dense.shape} with {len(np.unique(dense)) - 1} distinct weights among {dense.size}")
print(f"largest difference between the two ways: {np.abs(picture - by_loops).max():.0e}")
assert dense.shape == (64, 36) and len(np.unique(dense)) == 10  # nine, and zero
assert np.abs(picture - by_loops).max() < 1e-13

spot = np.zeros((1, 1, 12, 12))
spot[0, 0, 3:7, 3:7] = np.random.default_rng(0).normal(size=(4, 4))
here = conv2d_by_loops(spot, kernel, np.zeros(1))
there = conv2d_by_loops(np.roll(spot, 2, axis=3), kernel, np.zeros(1))
print(f"moved image, moved map: largest difference {np.abs(there[..., 2:] - here[..., :-2]).max()}")
assert np.array_equal(there[..., 2:], here[..., :-2])

figure, axes = plt.subplots(figsize=(4.2, 5.6))
shown = axes.imshow(np.where(dense == 0, np.nan, dense), cmap="viridis", interpolation="nearest")
figure.colorbar(shown, label="weight (white: zero)", shrink=0.7)
axes.set(title="A 3×3 kernel as a dense layer", xlabel="place in the map", ylabel="pixel")
show(
    "A tall matrix, 64 pixels by 36 places, mostly white. Nine thin slanting bands of constant colour run through it: "
    "each weight of the kernel, repeated once for every place."
)

# %% [markdown]
# ## 4. The way back: a shared weight collects
#
# One weight of a kernel acts at every place where the kernel stands. Several paths from the weight to the loss:
# we **add over paths** ([chapter 2](ch02_backprop)). So its slope is a sum over places, of error times the pixel
# that it met there. A pixel is seen by several windows, and its slope collects in the same way.
#
# *On paper.* Three pixels $(1, 2, 3)$, a kernel $(3, 5)$, errors $(1, 10)$ at its two places. Pixels:
# $3 \cdot 1 = 3$; the middle one $5 \cdot 1 + 3 \cdot 10 = 35$; the last $5 \cdot 10 = 50$. Weights:
# $1 \cdot 1 + 2 \cdot 10 = 21$ and $2 \cdot 1 + 3 \cdot 10 = 32$. Bias: $1 + 10 = 11$.

# %% exercise="conv2d_backward_by_loops" component=["CV-04"]

# %% component=["CV-04"] claim=["C-CV-06"] tags=["experiment"]
rng = np.random.default_rng(0)
x, K, b = rng.normal(size=(1, 1, 8, 8)), rng.normal(size=(1, 1, 3, 3)), np.zeros(1)
dout = rng.normal(size=(1, 1, 6, 6))
_, dK, _ = conv2d_backward_by_loops(dout, x, K)
measured, h = np.zeros_like(K), 1e-5
for place in np.ndindex(K.shape):
    step = np.zeros_like(K)
    step[place] = h
    up, down = conv2d_by_loops(x, K + step, b), conv2d_by_loops(x, K - step, b)
    measured[place] = np.sum(dout * (up - down)) / (2 * h)
over_places = sum(dout[0, 0, p, q] * x[0, 0, p : p + 3, q : q + 3] for p in range(6) for q in range(6))
print(f"your dW against measured slopes: {np.abs(dK - measured).max():.0e}; as a sum over 36 places: ", end="")
print(f"{np.abs(dK[0, 0] - over_places).max():.0e}; their mean would be {np.abs(dK / 36).max():.2f} at most")
assert np.abs(dK - measured).max() < 1e-8
assert np.abs(dK[0, 0] - over_places).max() < 1e-12

# %% [markdown]
# ## 5. Pooling
#
# After a convolution one often keeps only one number for each small patch: the largest (**max pooling**) or the
# mean. Maps get smaller, and a feature that moves by a pixel is still found. Pooling has nothing to learn.
#
# *On paper.* Of the patches $\begin{pmatrix}1&2\\4&3\end{pmatrix}$ and $\begin{pmatrix}-5&-2\\-3&-9\end{pmatrix}$,
# max pooling keeps 4 and $-2$.

# %% exercise="max_pool_by_loops" component=["CV-02", "CV-01"]

# %% [markdown]
# And the way back? Nudge a pixel that is not the largest: the output does not move. So its slope is 0, and the
# winner's is 1. The error goes to the winner, whole. If two pixels are equally large the first takes it all:
# a convention, and the one that libraries follow.

# %% exercise="max_pool_backward_by_loops" component=["CV-02"]

# %% component=["CV-02", "CV-01"] claim=["C-CV-01"] erratum=["E89"] tags=["experiment"]
x = as_image([1, 2, 5, 6], [3, 4, 7, 8], [9, 1, 0, 2], [2, 3, 1, 7])
dx = max_pool_backward_by_loops(as_image([1, 2], [3, 4]), x, 2, 2)
print(np.asarray(dx)[0, 0].astype(int))
assert np.array_equal(dx, as_image([0, 0, 0, 0], [0, 1, 0, 2], [3, 0, 0, 0], [0, 0, 0, 4]))
nudged = x.copy()
nudged[0, 0, 3, 3] += 1e-6
moved = max_pool_by_loops(nudged, 2, 2) - max_pool_by_loops(x, 2, 2)
print(f"nudging the 7 moves the output it won by {moved[0, 0, 1, 1] / 1e-6:.3f} per unit")
assert abs(moved[0, 0, 1, 1] / 1e-6 - 1) < 1e-6 and dx[0, 0, 3, 3] == 4  # 1 · the error that arrives

# %% [markdown]
# > **What the notes got wrong: "pooling needs no gradient".** It has no *parameters*, so there is no gradient by
# > parameters. But passing the error on to the right pixels *is* the gradient by its input. Leave it out and
# > nothing below the pooling layer learns.
#
# Mean pooling is gentler: every pixel of the patch moves the output by the same share.

# %% exercise="mean_pool_by_loops" component=["CV-03", "CV-01"]

# %% exercise="mean_pool_backward_by_loops" component=["CV-03"]

# %% component=["CV-03", "CV-02"] claim=["C-CV-02", "C-CV-03"] tags=["experiment"]
evenly = mean_pool_backward_by_loops(as_image([1, 2], [3, 4]), x, 2, 2)
assert np.array_equal(evenly, np.kron(as_image([0.25, 0.5], [0.75, 1.0])[0, 0], np.ones((2, 2)))[None, None])

rng = np.random.default_rng(1)
x, dout, h = rng.normal(size=(1, 1, 6, 6)), rng.normal(size=(1, 1, 3, 3)), 1e-6
for name, forward, backward in [
    ("max", max_pool_by_loops, max_pool_backward_by_loops),
    ("mean", mean_pool_by_loops, mean_pool_backward_by_loops),
]:
    dx = np.asarray(backward(dout, x, 2, 2))
    measured = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = h
        measured[place] = np.sum(dout * (forward(x + step, 2, 2) - forward(x - step, 2, 2))) / (2 * h)
    print(
        f"{name:>4} pooling: {np.abs(dx - measured).max():.0e} from measured slopes; {np.count_nonzero(dx)} of 36 "
        f"pixels get an error; in all {dx.sum():.6f} of {dout.sum():.6f}"
    )
    assert np.abs(dx - measured).max() < 1e-8 and abs(dx.sum() - dout.sum()) < 1e-12
    assert np.count_nonzero(dx) == (9 if name == "max" else 36)

seven = images[labels == 7][:1]
maps = np.maximum(conv2d_by_loops(seven, kernels[1:2], np.zeros(1), 1, 1), 0)
ones = np.ones((1, 1, 4, 4))
pictures = {
    "a map": maps,
    "max pooled": max_pool_by_loops(maps, 2, 2),
    "who gets the error: max": max_pool_backward_by_loops(ones, maps, 2, 2),
    "who gets the error: mean": mean_pool_backward_by_loops(ones, maps, 2, 2),
}
figure, panels = plt.subplots(1, 4, figsize=(9.4, 2.6))
for axes, (name, one) in zip(panels, pictures.items()):
    axes.imshow(np.asarray(one)[0, 0], cmap="viridis", vmin=0)
    axes.set_title(name, fontsize="medium")
    axes.set_axis_off()
show(
    "A feature map of a 7, the same pooled to a quarter, and where its errors go: with max pooling to one bright pixel "
    "in each patch, with mean pooling evenly to all pixels."
)

# %% [markdown]
# ## 6. Bug hunt: six broken ways back
#
# Seven programs claim to be the way back through max pooling. Six are wrong, and each is silent on comfortable
# images. Find inputs that give all six away; up to three sets are allowed.

# %% module="suspects" tags=["given"]

# %% exercise="convolution_bug_hunt" component=["CV-02"]

# %% component=["CV-02"] tags=["experiment"]
suspects = {letter: globals()[f"suspect_{letter}"] for letter in "abcdefg"}
apart = np.zeros((7, 7))
for errors, picture, size, stride in convolution_bug_hunt():
    said = []
    for suspect in suspects.values():
        said.append(suspect(np.asarray(errors, dtype=float), np.asarray(picture, dtype=float), size, stride))
    apart = np.maximum(apart, [[np.abs(one - other).max() for other in said] for one in said])
figure, axes = plt.subplots(figsize=(4.8, 4))
shown = axes.imshow(np.log10(apart + 1e-12), cmap="cividis", vmin=-12)
axes.set_xticks(range(7), suspects)
axes.set_yticks(range(7), suspects)
axes.set(title="How far apart your inputs drive each pair", xlabel="suspect", ylabel="suspect")
figure.colorbar(shown, label="log₁₀ of the largest difference")
show("A matrix of how far apart your inputs drive each pair of suspects; dark fields are pairs that always agree.")
pairs = int(np.sum(np.triu(apart > 1e-9, 1)))
print(f"{pairs} of 21 pairs of suspects contradict each other on your inputs")
assert pairs >= 6

# %% [markdown]
# ## 7. All windows in one matrix
#
# Loops are clear and slow. The trick that made convolutions fast (Chellapilla and others, 2006): write every
# window as one row of a large matrix; then the convolution of all images with all filters is *one* matrix
# product. It costs memory, because overlapping windows repeat pixels, and it is worth it.
#
# *On paper.* The 3 × 3 image 1 to 9 has four 2 × 2 windows: rows $1\,2\,4\,5$, $2\,3\,5\,6$, $4\,5\,7\,8$,
# $5\,6\,8\,9$.

# %% exercise="image_columns" component=["CV-05"]

# %% exercise="conv2d_by_columns" component=["CV-05"]

# %% component=["CV-05", "CV-04"] tags=["experiment"]
import time

some, filters, bias = images[:40], np.random.default_rng(2).normal(size=(6, 1, 3, 3)), np.arange(6.0)
began = time.perf_counter()
slow = conv2d_by_loops(some, filters, bias, 1, 1)
middle = time.perf_counter()
fast, columns = conv2d_by_columns(some, filters, bias, 1, 1)
end = time.perf_counter()
print(f"40 images, 6 filters: by loops {1000 * (middle - began):.0f} ms, by columns {1000 * (end - middle):.1f} ms")
print(f"largest difference {np.abs(slow - fast).max():.0e}; the columns repeat each pixel {columns.size / some.size:.0f} times")
assert np.abs(slow - fast).max() < 1e-12 and columns.size == 9 * some.size

dout = np.random.default_rng(3).normal(size=fast.shape)
errors = dout.transpose(0, 2, 3, 1).reshape(-1, 6)  # a row for each place, as in the columns
quick = (errors.T @ columns).reshape(filters.shape)
_, dW, _ = conv2d_backward_by_loops(dout, some, filters, 1, 1)
print(f"and the kernels' gradient is one product, too: {np.abs(quick - dW).max():.0e} from the loops")
assert np.abs(quick - dW).max() < 1e-10

# %% [markdown]
# ## 8. How far does a unit see?
#
# One unit of the first layer sees a window of 3 pixels. A unit of the second layer sees three neighbouring units,
# each with a window of 3, overlapping: 5 pixels. This is its **receptive field**. Strides make it grow faster:
# behind a stride of 2, neighbouring units are two pixels apart.
#
# *On paper.* Conv 5, pool 2 with stride 2, conv 3: after the first 5; the pooling adds $1 \cdot 1$, 6; the third
# layer adds $2 \cdot 2$: 10 pixels.

# %% exercise="receptive_field" component=["CV-05"]

# %% component=["CV-05"] tags=["experiment"]
for name, sizes, strides in [
    ("conv 3, conv 3", [3, 3], [1, 1]),
    ("conv 5, pool 2", [5, 2], [1, 2]),
    ("conv 5, pool 2, conv 5, pool 2 (LeNet)", [5, 2, 5, 2], [1, 2, 1, 2]),
]:
    seen, reach = receptive_field(sizes, strides), 40
    signal = np.zeros((1, 1, 1, reach))
    touched = []
    for pixel in range(reach):  # which pixels move the first unit at the top?
        signal[...] = 0
        signal[0, 0, 0, pixel] = 1
        out = signal
        for size, stride in zip(sizes, strides):
            out = conv2d_by_loops(out, np.ones((1, 1, 1, size)), np.zeros(1), stride)
        touched.append(bool(out[0, 0, 0, 0]))
    print(f"{name}: {seen} pixels")
    assert sum(touched) == seen

# %% [markdown]
# ## 9. A network with eyes reads digits
#
# Now let a kernel *learn*. The network: twelve 3 × 3 kernels, ReLU, max pooling, and a softmax layer on top. It is
# trained with your columns, forwards and backwards. Beside it stands a dense network with about as many weights.
# The real test comes at the end: digits that are shifted by a pixel, which neither has ever seen.

# %% tags=["given"]
def pool_halves(a):
    """Max pooling by 2 and who won it, quickly: the patches do not overlap."""
    n, c, h, w = a.shape
    patches = a.reshape(n, c, h // 2, 2, w // 2, 2).swapaxes(3, 4).reshape(n, c, h // 2, w // 2, 4)
    winner = patches.argmax(axis=-1)
    return np.take_along_axis(patches, winner[..., None], axis=-1)[..., 0], winner


def unpool_halves(dout, winner):
    """The errors back to the winners."""
    n, c, h, w = dout.shape
    patches = np.zeros((n, c, h, w, 4))
    np.put_along_axis(patches, winner[..., None], dout[..., None], axis=-1)
    return patches.reshape(n, c, h, w, 2, 2).swapaxes(3, 4).reshape(n, c, 2 * h, 2 * w)


# %% component=["CV-05", "CV-04"] tags=["experiment"]
train_x, train_y, test_x, test_y = images[:1200], labels[:1200], images[1200:], labels[1200:]


def eyes(p, x):
    z, columns = conv2d_by_columns(x, p["K"], p["k"], 1, 1)
    pooled, winner = pool_halves(np.maximum(z, 0))
    return pooled.reshape(len(x), -1) @ p["W"] + p["b"], (z, columns, pooled, winner)


def eyes_gradient(p, x, y):
    scores, (z, columns, pooled, winner) = eyes(p, x)
    loss, d = softmax_cross_entropy(scores, y)
    dpooled = (d @ p["W"].T).reshape(pooled.shape)
    dz = unpool_halves(dpooled, winner) * (z > 0)
    errors = dz.transpose(0, 2, 3, 1).reshape(-1, len(p["K"]))
    return loss, {
        "K": (errors.T @ columns).reshape(p["K"].shape),
        "k": errors.sum(axis=0),
        "W": pooled.reshape(len(x), -1).T @ d,
        "b": d.sum(axis=0),
    }


def blind_gradient(p, x, y):
    flat = x.reshape(len(x), -1)
    h = np.maximum(flat @ p["V"] + p["c"], 0)
    loss, d = softmax_cross_entropy(h @ p["W"] + p["b"], y)
    dh = (d @ p["W"].T) * (h > 0)
    return loss, {"V": flat.T @ dh, "c": dh.sum(axis=0), "W": h.T @ d, "b": d.sum(axis=0)}


def train(p, gradient, seed, epochs=12, rate=0.25, momentum=0.9, size=60):
    rng, v = np.random.default_rng(seed), {name: np.zeros_like(part) for name, part in p.items()}
    for _ in range(epochs):
        for rows in np.split(rng.permutation(len(train_x)), len(train_x) // size):
            _, grads = gradient(p, train_x[rows], train_y[rows])
            for name in p:
                v[name] = momentum * v[name] - rate * 0.2 * grads[name]
                p[name] = p[name] + v[name]
    return p


def right(scores, y):
    return float(np.mean(scores.argmax(axis=1) == y))


shifted = np.concatenate([np.roll(test_x, step, axis=axis) for axis in (2, 3) for step in (-1, 1)])
results = {"eyes": [], "dense": []}
for seed in range(3):
    rng = np.random.default_rng(seed)
    p = {"K": rng.normal(size=(12, 1, 3, 3)) / 3, "k": np.zeros(12)}
    p |= {"W": rng.normal(size=(192, 10)) / 14, "b": np.zeros(10)}
    seeing = train(p, eyes_gradient, seed)
    q = {"V": rng.normal(size=(64, 28)) / 8, "c": np.zeros(28)}
    q |= {"W": rng.normal(size=(28, 10)) / 5, "b": np.zeros(10)}
    blind = train(q, blind_gradient, seed)
    for name, read in [
        ("eyes", lambda x: eyes(seeing, x)[0]),
        ("dense", lambda x: np.maximum(x.reshape(len(x), -1) @ blind["V"] + blind["c"], 0) @ blind["W"] + blind["b"]),
    ]:
        results[name].append([right(read(test_x), test_y), right(read(shifted), np.tile(test_y, 4))])
    progress(seed + 1, 3, "two networks")
weights = {"eyes": sum(v.size for v in seeing.values()), "dense": sum(v.size for v in blind.values())}
for name, rows in results.items():
    straight, moved = np.mean(rows, axis=0)
    print(f"{name:>5}: {weights[name]} weights; new digits read right {straight:.1%}, shifted by a pixel {moved:.1%}")
assert abs(weights["eyes"] / weights["dense"] - 1) < 0.15
straight, moved = (np.array([[r[k] for r in results[name]] for name in ("eyes", "dense")]) for k in (0, 1))
assert straight.mean(axis=1).min() > 0.88
assert np.all(moved[0] > moved[1]) and moved[0].mean() > moved[1].mean() + 0.03

# %% [markdown]
# Both read the digits as they were written. Moved by one pixel, the dense network loses much more: what it knows
# about a pixel it does not know about its neighbour. What has the network with eyes learned to look for?

# %% component=["CV-05"] tags=["experiment"]
figure, panels = plt.subplots(3, 12, figsize=(9.6, 2.9))
limit = np.abs(seeing["K"]).max()
samples = [images[labels == digit][0] for digit in (0, 4)]
for k in range(12):
    panels[0, k].imshow(seeing["K"][k, 0], cmap="PuOr", vmin=-limit, vmax=limit)
    for row, sample in enumerate(samples, 1):
        z = conv2d_by_columns(sample[None], seeing["K"], seeing["k"], 1, 1)[0]
        panels[row, k].imshow(np.maximum(z[0, k], 0), cmap="viridis")
for axes in panels.flat:
    axes.set(xticks=[], yticks=[])
for axes, name in zip(panels[:, 0], ("kernel", "a 0", "a 4")):
    axes.set_ylabel(name)
figure.suptitle("Twelve kernels that were learned, and the maps they make")
show(
    "Twelve small kernels with light and dark sides, and below each the map it makes of a 0 and of a 4: most answer to "
    "strokes of one direction."
)
contrast = [np.ptp(kernel) / np.abs(kernel).max() for kernel in seeing["K"][:, 0]]
print(f"{np.mean(np.array(contrast) > 1):.0%} of the kernels have weights of both signs: they look for change")
assert np.mean(np.array(contrast) > 1) > 0.7

# %% [markdown]
# ## What to take home
#
# - A window of length $K$ on $n$ pixels has $\lfloor (n + 2p - K)/s \rfloor + 1$ places.
# - A **convolution** is a dense layer, mostly zeros, with the rest repeated: few weights, many places. It treats
#   all places alike, so maps move with the image.
# - The units of one **feature map** share a kernel. Its slope is the **sum over all places**.
# - **Max pooling** sends the error to the winner, **mean pooling** shares it out. Neither has weights; both have a
#   way back.
# - All windows as rows of a matrix turn the loops into **one product**, forwards and backwards.
# - Depth widens the view: add $(K - 1)$ times the product of the strides before.
#
# **Now you can** read the shape of any convolutional layer off its settings, count its weights, and write it with
# its way back; and you know what it assumes about images.
#
# **Next.** [Chapter 13](ch13_transfer) lets a network that has learned one task help with another.
#
# **Sources.** K. Fukushima, *Neocognitron*, Biological Cybernetics 36, 1980. Y. LeCun and others,
# *Backpropagation applied to handwritten zip code recognition*, Neural Computation 1, 1989. Y. LeCun, L. Bottou,
# Y. Bengio & P. Haffner, *Gradient-based learning applied to document recognition*, Proceedings of the IEEE 86,
# 1998. K. Chellapilla, S. Puri & P. Simard, *High performance convolutional neural networks for document
# processing*, 2006. A. Krizhevsky, I. Sutskever & G. Hinton, *ImageNet classification with deep convolutional
# neural networks*, NIPS 2012. V. Dumoulin & F. Visin, *A guide to convolution arithmetic for deep learning*, 2016.
# I. Goodfellow, Y. Bengio & A. Courville, *Deep Learning*, 2016, chapter 9. E. Alpaydin & C. Kaynak, *Optical
# Recognition of Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
