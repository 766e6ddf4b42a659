"""A learner's folder of notebooks: where one stands, what comes next, and newer notebooks."""
