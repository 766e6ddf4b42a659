"""The same training in place: one vector of parameters, one of gradients, buffers that are kept.

`training.training_step` is the whiteboard, which makes new arrays from old ones; a step here
computes the same to rounding, and is tested against it. `trainer` takes the steps, through the
layers in `nodes` and by the rules in `rules`; `images` has convolution and pooling.
"""
