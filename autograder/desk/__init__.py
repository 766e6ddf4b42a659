"""A self-learner's desk: the folder work/ of a clone, and gradings that are remembered there."""
