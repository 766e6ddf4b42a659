import os

# The matrices of this course are small: several threads would mostly wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import matplotlib.pyplot as plt
import numpy as np

from autograder import borrow, check, hint
from autograder.data import load_digits
from autograder.figures import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, play, progress, seconds, show, use_style, with_knobs

use_style()
