"""One secret seed per assignment, drawn once; who has a learner's seed cannot work it out."""

import stat
import threading

import pytest

from autograder.submission.seeds import (
    BITS,
    BadSeed,
    assignment_seed,
    forget_seed,
    learner_seed,
    seed_file,
)


def test_it_is_drawn_once_and_kept(tmp_path):
    """The same for every run; another for another assignment, and after being forgotten."""
    first = assignment_seed(tmp_path, "ps1")
    assert 0 <= first < 2**BITS
    assert assignment_seed(tmp_path, "ps1") == first
    assert assignment_seed(tmp_path, "ps2") != first
    forget_seed(tmp_path, "ps1")
    assert assignment_seed(tmp_path, "ps1") != first


def test_of_many_who_draw_at_once_all_get_the_same(tmp_path):
    """Two graders that start together ask everybody the same questions."""
    found, start = [], threading.Barrier(16)

    def draw():
        start.wait()
        found.append(assignment_seed(tmp_path, "ps1"))

    threads = [threading.Thread(target=draw) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [path.name for path in (tmp_path / "seeds").iterdir()] == ["ps1.txt"]


def test_it_is_its_owners_alone(tmp_path):
    """Nobody else on the machine may read it."""
    assignment_seed(tmp_path, "ps1")
    path = seed_file(tmp_path, "ps1")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", ["", "-1", "abc", str(2**BITS), "1.5"])
def test_a_spoilt_file_is_told(tmp_path, content):
    """With what to do; the file is not overwritten."""
    path = seed_file(tmp_path, "ps1")
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(BadSeed, match="remove it"):
        assignment_seed(tmp_path, "ps1")
    assert path.read_text() == content


def test_learners_seeds_differ_by_submission_and_tell_nothing():
    """32 bits of a one-way function of both: neighbours have nothing in common."""
    seeds = {learner_seed(seed, f"digest {n}") for seed in range(10) for n in range(100)}
    assert len(seeds) == 1000
    assert all(0 <= seed < 2**32 for seed in seeds)
    assert learner_seed(1, "a") == learner_seed(1, "a")
