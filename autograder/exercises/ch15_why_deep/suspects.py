"""Seven ways to count the straight pieces of a hidden layer: the bug hunt's suspects.

A network of one input says Σ v · max(0, w · x + b), with a place for each unit in the vectors w, b
and v. Each suspect says how many straight pieces it has between left and right. Six are wrong, each
silent on lazy inputs.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(w, b, v, left, right):
    places = np.round(-b / w, 9)
    inside = (left < places) & (places < right) & (v != 0)
    return 1 + int(np.sum(inside))


def suspect_b(w, b, v, left, right):
    places = np.round(-b / w, 9)
    bends = {p: np.sum((v * np.abs(w))[places == p]) for p in places}
    return 1 + sum(abs(bend) > 1e-9 for bend in bends.values())


def suspect_c(w, b, v, left, right):
    places = np.round(-b / w, 9)
    inside = (left < places) & (places < right) & (v != 0)
    return 1 + len(np.unique(places[inside]))


def suspect_d(w, b, v, left, right):
    places = np.round(-b / w, 9)
    bends = {p: np.sum((v * w)[places == p]) for p in places if left < p < right}
    return 1 + sum(abs(bend) > 1e-9 for bend in bends.values())


def suspect_e(w, b, v, left, right):
    places = np.round(-b / np.abs(w), 9)
    bends = {p: np.sum((v * np.abs(w))[places == p]) for p in places if left < p < right}
    return 1 + sum(abs(bend) > 1e-9 for bend in bends.values())


def suspect_f(w, b, v, left, right):
    places = np.round(-b / w, 9)
    bends = {p: np.sum((v * np.abs(w))[places == p]) for p in places if left < p < right}
    return 1 + sum(abs(bend) > 1e-9 for bend in bends.values())


def suspect_g(w, b, v, left, right):
    places = np.round(-b / w, 9)
    bends = {p: np.sum((v * np.abs(w))[places == p]) for p in places if left <= p <= right}
    return 1 + sum(abs(bend) > 1e-9 for bend in bends.values())
