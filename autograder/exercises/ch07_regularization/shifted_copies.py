"""Many pictures out of one."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=14,
    difficulty=3,
    hints=(
        "An image moves down by 2: what stands in its row 5 afterwards? And in rows 0 and 1?",
        "Put a margin of zeros around the images, then cut the frame out of another place.",
        "With a margin of m, moving down by y is cutting from row m − y; `np.tile` repeats labels.",
    ),
)


def pictures(rng, n=3, height=5, width=7):
    """Images without a zero, and labels that all differ."""
    return rng.uniform(0.5, 2, size=(n, height, width)), rng.permutation(90)[:n]


@exercise.probe
def several_shifts(rng):
    return *pictures(rng), [(0, 0), (1, 0), (0, 2), (-1, -3)]


@exercise.probe
def one_way_each(rng):
    return *pictures(rng, 2), [(2, 0)]


@exercise.probe
def square_images(rng):
    return *pictures(rng, 2, 4, 4), [(0, 1), (-1, 2)]


@exercise.probe
def one_image(rng):
    return *pictures(rng, 1), [(1, 1), (0, 0)]


@exercise.probe
def no_shift(rng):
    return *pictures(rng), [(0, 0)]


def moved(images, labels, shifts):
    """Pixel by pixel: the copy's pixel is what stood up and left of it."""
    n, height, width = images.shape
    copies = np.zeros((len(shifts) * n, height, width), dtype=images.dtype)
    for s, (down, right) in enumerate(shifts):
        for i in range(max(down, 0), height + min(down, 0)):
            for j in range(max(right, 0), width + min(right, 0)):
                copies[s * n : (s + 1) * n, i, j] = images[:, i - down, j - right]
    return copies, np.concatenate([labels] * len(shifts))


def compare(f, images, labels, shifts):
    copies, names = sequence(f(images, labels, shifts), 2)
    expected, wanted = moved(images, labels, shifts)
    agree(copies, expected, what="the copies")
    agree(names, wanted, what="the labels")


SMALL = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])


@exercise.check
def worked_example(f):
    """((1, 2, 3), (4, 5, 6)) down by one is ((0, 0, 0), (1, 2, 3)), right by one ((0, 1, 2), …)."""
    copies, labels = sequence(f(SMALL, np.array([8]), [(1, 0), (0, 1)]), 2)
    down, right = [[0.0, 0, 0], [1, 2, 3]], [[0.0, 1, 2], [0, 4, 5]]
    agree(copies, np.array([down, right]), what="the copies")
    agree(labels, [8, 8], what="the labels")


@exercise.check
def up_and_left(f):
    """Up by one and left by two leaves a 6 in the corner; by nothing leaves all as it is."""
    copies, _ = sequence(f(SMALL, np.array([8]), [(-1, -2), (0, 0)]), 2)
    agree(copies, np.array([[[6.0, 0, 0], [0, 0, 0]], SMALL[0]]), what="the copies")


@exercise.check
def labels_in_order(f):
    """Two images 3 and 7 with three shifts: the labels are 3, 7, 3, 7, 3, 7."""
    images = np.stack([SMALL[0], 10 * SMALL[0]])
    copies, labels = sequence(f(images, np.array([3, 7]), [(0, 0), (1, 0), (0, -1)]), 2)
    agree(labels, [3, 7, 3, 7, 3, 7], what="the labels")
    agree(np.asarray(copies)[:2], images, what="the first two copies")


@exercise.check
def images_stay(f):
    """Images and labels are afterwards what they were before."""
    unchanged(f, SMALL, np.array([8]), [(1, 0), (0, -1)])


@exercise.check(points=2)
def random_shifts(f, rng):
    """Moves several images by several shifts, and keeps their labels with them."""
    for n, height, width, most in [(3, 5, 7, 3), (2, 9, 4, 2), (5, 6, 6, 4)]:
        shifts = [tuple(pair) for pair in rng.integers(-most, most + 1, size=(4, 2)).tolist()]
        compare(f, *pictures(rng, n, height, width), shifts)


@exercise.check(points=1, after=random_shifts)
def far_away(f, rng):
    """Where an image has left its frame, all is 0; takes a single image and a single shift."""
    height, width = (int(side) for side in rng.integers(2, 6, size=2))
    compare(f, *pictures(rng, 2, height, width), [(height, 0), (0, -width), (height + 3, 1)])
    far = [(-height - 1, 0), (0, -width - 2), (1, width + 1), (1 - 2 * height, 0)]
    compare(f, *pictures(rng, 2, height, width), far)
    compare(f, *pictures(rng, 1, height, width), [(1, -1)])


@exercise.check(points=1, after=random_shifts)
def laws(f, rng):
    """Moved there and back, only what had left the frame is missing; shifts come in their order."""
    images, labels = pictures(rng, 2, 6, 7)
    down, right = (int(v) for v in rng.integers(1, 4, size=2))
    there, _ = sequence(f(images, labels, [(down, right)]), 2)
    back, _ = sequence(f(np.asarray(there), labels, [(-down, -right)]), 2)
    expected = images.copy()
    expected[:, 6 - down :] = 0
    expected[:, :, 7 - right :] = 0
    agree(back, expected, what="the images that came back")
    one, other = (0, right), (-down, 0)
    both, _ = sequence(f(images, labels, [one, other]), 2)
    turned, _ = sequence(f(images, labels, [other, one]), 2)
    agree(
        np.roll(np.asarray(turned), 2, axis=0), np.asarray(both), what="the shifts in other order"
    )


@exercise.check(points=1, after=random_shifts)
def pixels_as_bytes(f, reference, rng):
    """Takes pixels that are whole numbers; leaves images and labels as they were."""
    images, labels = rng.integers(0, 256, size=(2, 3, 5)).astype(np.uint8), np.array([4, 9])
    whole_numbers(f, reference, images, labels, [(1, -2), (0, 0)], part=0)
    unchanged(f, *several_shifts(rng))


@exercise.variant
def slices_into_zeros(images, labels, shifts):
    copies, names = [], []
    _, height, width = images.shape
    for down, right in shifts:
        copy = np.zeros(images.shape, dtype=images.dtype)
        rows, columns = max(height - abs(down), 0), max(width - abs(right), 0)
        i, j, k, m = max(down, 0), max(right, 0), max(-down, 0), max(-right, 0)
        copy[:, i : i + rows, j : j + columns] = images[:, k : k + rows, m : m + columns]
        copies.append(copy)
        names.extend(labels)
    return np.vstack(copies), names


@exercise.variant
def by_index(images, labels, shifts):
    n, height, width = images.shape
    out = np.zeros((len(shifts), n, height, width))
    for s, (down, right) in enumerate(shifts):
        rows, columns = np.arange(height) - down, np.arange(width) - right
        inside = np.outer((rows >= 0) & (rows < height), (columns >= 0) & (columns < width))
        out[s] = images[:, rows[:, None] % height, columns % width] * inside
    return out.reshape(-1, height, width), np.tile(np.asarray(labels), len(shifts))


@exercise.misconception(keeps=0.5)
def comes_in_on_the_other_side(images, labels, shifts):
    """What leaves the frame on one side comes in on the other: it should be lost."""
    copies = [np.roll(images, shift, axis=(1, 2)) for shift in shifts]
    return np.concatenate(copies), np.tile(labels, len(shifts))


@exercise.misconception
def the_wrong_way(images, labels, shifts):
    """The images move up and left instead of down and right."""
    return moved(images, labels, [(-down, -right) for down, right in shifts])


@exercise.misconception
def directions_swapped(images, labels, shifts):
    """The first number moves them to the right, the second down: rows come first."""
    return moved(images, labels, [(right, down) for down, right in shifts])


@exercise.misconception
def labels_not_repeated(images, labels, shifts):
    """There are as many labels as before, but more images."""
    return moved(images, labels, shifts)[0], labels


@exercise.misconception
def labels_in_another_order(images, labels, shifts):
    """Each label is repeated in place, while all images come again for each shift."""
    return moved(images, labels, shifts)[0], np.repeat(labels, len(shifts))


@exercise.misconception(keeps=0.5)
def copies_image_by_image(images, labels, shifts):
    """First come all copies of the first image. The contract wants all images for a shift first."""
    copies, _ = moved(images, labels, shifts)
    order = np.arange(len(copies)).reshape(len(shifts), -1).T.ravel()
    return copies[order], np.repeat(labels, len(shifts))


@exercise.misconception
def shifts_pile_up(images, labels, shifts):
    """Each copy is moved further from the one before it: every shift starts from the image."""
    copies, now = [], images
    for shift in shifts:
        now = moved(now, labels, [shift])[0]
        copies.append(now)
    return np.concatenate(copies), np.tile(labels, len(shifts))


@exercise.misconception(keeps=0.5)
def border_smeared(images, labels, shifts):
    """What comes in repeats the border. It should be 0."""
    copies = []
    _, height, width = images.shape
    for down, right in shifts:
        rows = np.clip(np.arange(height) - down, 0, height - 1)
        columns = np.clip(np.arange(width) - right, 0, width - 1)
        copies.append(images[:, rows][:, :, columns])
    return np.concatenate(copies), np.tile(labels, len(shifts))


@exercise.misconception
def only_the_last_shift(images, labels, shifts):
    """Only the copies of the last shift come back: collect them all."""
    return moved(images, labels, shifts[-1:])


@exercise.misconception
def originals_added(images, labels, shifts):
    """The images themselves were added in front: they are there if (0, 0) is one of the shifts."""
    return moved(images, labels, [(0, 0), *shifts])


@exercise.misconception
def moves_only_down(images, labels, shifts):
    """The second number does nothing: images move sideways, too."""
    return moved(images, labels, [(down, 0) for down, _ in shifts])


@exercise.misconception
def filled_with_the_darkest(images, labels, shifts):
    """Fills with the smallest number of the images: what comes in from outside is 0."""
    margin = max(max(abs(d), abs(r)) for d, r in shifts)
    _, rows, cols = images.shape
    room = ((0, 0), (margin, margin), (margin, margin))
    padded = np.pad(images, room, constant_values=images.min())
    copies = [
        padded[:, margin - d : margin - d + rows, margin - r : margin - r + cols] for d, r in shifts
    ]
    return np.concatenate(copies), np.tile(labels, len(shifts))


@exercise.misconception
def cleared_on_one_side_only(images, labels, shifts):
    """Clears the edge only after shifts down and right: up and left, too, the rest comes round."""
    copies = []
    for down, right in shifts:
        copy = np.roll(images, (down, right), axis=(1, 2))
        copy[:, : max(down, 0)] = 0
        copy[:, :, : max(right, 0)] = 0
        copies.append(copy)
    return np.concatenate(copies), np.tile(labels, len(shifts))
