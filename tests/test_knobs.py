"""Figures with knobs: a slider redraws them; where nobody can turn it, one sees the still."""

import matplotlib.pyplot as plt
import pytest

from autograder.figures import knobs, with_knobs


class Screen:
    """What was displayed, and what each display was replaced by."""

    def __init__(self):
        self.shown = []

    def display(self, thing, **_):
        self.shown.append(thing)
        return self

    def update(self, thing, **_):
        self.shown[-1] = thing

    @property
    def alt(self):
        return self.shown[-1]["text/plain"]


@pytest.fixture
def screen(monkeypatch):
    found = Screen()
    monkeypatch.setattr(knobs, "display", found.display)
    return found


def line(slope, level):
    plt.plot([0, 1], [level, level + slope])
    return f"a line with slope {slope:g} at {level:g}"


def test_the_still_is_drawn_in_the_middle(screen):
    with_knobs(line, slope=[1, 2, 3], level=[5, 6])
    assert len(screen.shown) == 1
    assert screen.alt == "a line with slope 2 at 6"
    assert screen.shown[0]["text/html"].startswith('<img src="data:image/png;base64,')
    assert plt.get_fignums() == []


def test_a_slider_redraws(screen, monkeypatch):
    monkeypatch.setattr(knobs, "_alive", lambda: True)
    with_knobs(line, slope=[1, 2, 3], level=[5, 6])
    slope, level = screen.shown[0].children
    before = screen.shown[1]["text/html"]
    slope.value = 3
    level.value = 5
    assert screen.alt == "a line with slope 3 at 5"
    assert screen.shown[1]["text/html"] != before


def test_executed_for_others_it_has_no_slider(monkeypatch):
    class Shell:
        kernel = object()

    monkeypatch.setattr(knobs, "get_ipython", Shell)
    assert knobs._alive()
    monkeypatch.setenv(knobs.STILLS_ONLY, "1")
    assert not knobs._alive()


def test_without_a_kernel_there_is_only_the_still(monkeypatch):
    monkeypatch.setattr(knobs, "get_ipython", lambda: None)
    assert not knobs._alive()


def test_a_figure_says_what_one_sees(screen):
    with pytest.raises(ValueError, match="alternative text"):
        with_knobs(lambda slope: "", slope=[1])
