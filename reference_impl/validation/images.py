"""Rules for images (N, C, H, W) and for what slides over them.

The image sets the sizes N, C, H and W; the window K rows and L columns, `stride` and `padding`.
"""

from typing import Any

from reference_impl.validation.numbers import count, counts
from reference_impl.validation.rules import Rule, Sizes, sized


def kernels(filters: str, channels: str, rows: str, columns: str) -> Rule:
    """Filters (F, C, rows, columns) that fit into an earlier image (N, C, H, W).

    An earlier `count(size="padding")` makes room around the image.
    """
    fits = sized(filters, channels, rows, columns)

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = fits(name, value, sizes)
        padding = sizes.get("padding", 0)
        room = sizes["H"] + 2 * padding, sizes["W"] + 2 * padding
        if found.shape[2] > room[0] or found.shape[3] > room[1]:
            window = f"{found.shape[2]} x {found.shape[3]}"
            raise ValueError(f"{name} is {window}, expected at most {room[0]} x {room[1]}")
        return found

    return check


def window() -> Rule:
    """The side of a square window that fits into an earlier image (N, C, H, W)."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        side = count(1, min(sizes["H"], sizes["W"]))(name, value, sizes)
        sizes["K"] = sizes["L"] = side
        return side

    return check


def window_side(axis: str) -> Rule:
    """One side of a window that fits, along that axis, into an earlier image with its padding."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        return count(1, sizes[axis] + 2 * sizes.get("padding", 0))(name, value, sizes)

    return check


def image_shape() -> Rule:
    """The shape of an image, four whole numbers, in its stead."""
    four = counts(1, 4)

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = four(name, value, sizes)
        if len(found) > 4:
            raise ValueError(f"{name} is {found}, expected four numbers (N, C, H, W)")
        sizes |= dict(zip("NCHW", found, strict=True))
        return found

    return check


def maps(examples: str, channels: str) -> Rule:
    """An array (examples, channels, P, Q): an entry for each place that the window has."""
    fits = sized(examples, channels, "P", "Q")

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        around, stride = 2 * sizes.get("padding", 0), sizes.get("stride", 1)
        sizes["P"] = (sizes["H"] + around - sizes["K"]) // stride + 1
        sizes["Q"] = (sizes["W"] + around - sizes["L"]) // stride + 1
        return fits(name, value, sizes)

    return check


def pixels(channels: str) -> Rule:
    """A matrix with a row for each pixel of an earlier image (N, C, H, W)."""
    fits = sized("N·H·W", channels)

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        sizes["N·H·W"] = sizes["N"] * sizes["H"] * sizes["W"]
        return fits(name, value, sizes)

    return check
