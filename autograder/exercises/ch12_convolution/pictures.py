"""Random images and kernels, every size another number; and windows, counted by hand."""

import numpy as np


def layer(rng, n=2, c=3, h=7, w=5, f=4, k=3, m=2, stride=1, padding=0):
    """Arguments of a convolution."""
    return (
        rng.normal(size=(n, c, h, w)),
        rng.normal(size=(f, c, k, m)),
        rng.normal(size=f),
        stride,
        padding,
    )


def way_back(rng, **sizes):
    """Errors at the output of such a layer, and what went in: (dout, x, W, stride, padding)."""
    x, W, _, stride, padding = layer(rng, **sizes)
    places = [
        places_of(s, k, stride, padding) for s, k in zip(x.shape[2:], W.shape[2:], strict=True)
    ]
    return rng.normal(size=(len(x), len(W), *places)), x, W, stride, padding


def pooled(rng, n=2, c=3, h=7, w=5, size=2, stride=2):
    """Arguments of a pooling layer; no two pixels of an image are equal."""
    pixels = np.stack([rng.permutation(c * h * w) for _ in range(n)]).reshape(n, c, h, w)
    return pixels + rng.uniform(-0.3, 0.3, size=(n, c, h, w)) - c * h * w // 2, size, stride


def pooled_back(rng, **sizes):
    """Errors at the output of such a layer, and what went in: (dout, x, size, stride)."""
    x, size, stride = pooled(rng, **sizes)
    places = [places_of(s, size, stride) for s in x.shape[2:]]
    return rng.normal(size=(*x.shape[:2], *places)), x, size, stride


def places_of(size, kernel, stride, padding=0):
    """Counted, not computed: the starts from which a window still fits."""
    return len(
        [
            start
            for start in range(0, size + 2 * padding, stride)
            if start + kernel <= size + 2 * padding
        ]
    )
