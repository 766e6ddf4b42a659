"""A cell that takes too long is interrupted first, as Jupyter does; what it had done stays."""

import time

import pytest
from learners import Starter, value_of

from autograder.judging.calls import LearnerGone


def test_an_interrupted_cell_keeps_what_it_had_done(start: Starter) -> None:
    """The process lives on, its names are there, and the next cell runs as if nothing was."""
    learner = start(cell_seconds=0.4)
    result = learner.run_cell("x = 41\nwhile True: pass", interrupt=True)
    assert result.interrupted
    assert result.error is not None
    assert result.error.kind == "KeyboardInterrupt"
    assert value_of(learner, "def f(): return x + 1") == 42


def test_who_does_not_heed_the_interrupt_is_ended(start: Starter) -> None:
    """Catching KeyboardInterrupt wins two seconds, not more."""
    learner = start(cell_seconds=0.4)
    stubborn = "while True:\n  try: __import__('time').sleep(60)\n  except BaseException: pass"
    with pytest.raises(LearnerGone, match="did not finish"):
        learner.run_cell(stubborn, interrupt=True)


def test_an_early_interrupt_harms_nobody(start: Starter) -> None:
    """Between two cells an interrupt is not heeded: there is nothing to interrupt."""
    learner = start()
    learner._talk._started.interrupt()
    time.sleep(0.3)  # the keeper passes it on
    assert value_of(learner, "import time\ntime.sleep(0.1)\ndef f(): return 7") == 7
