"""The answers: every function of the course in plain NumPy, one module per chapter topic.

Rows are examples, gradients have the shape of what they belong to, and no argument is ever
changed. A function's docstring is its contract and its body is what one would write on a
whiteboard; what may go in is declared beside it, with `validation.requires`.
"""
