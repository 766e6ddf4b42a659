"""A self-learner's desk: the folder work/, what is done in it, what comes next, and updates."""
