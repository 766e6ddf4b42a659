"""What runs in the sealed process, among the learner's code, which may forge all of it."""
