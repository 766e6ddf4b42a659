"""A small network to build and train: layers are pairs of functions, a stack of layers is a layer.

    model = sequential([dense(64, 100), activation(relu_forward, relu_backward), dense(100, 10)])
    params = model.start(rng)
    params, history = train(model, params, (x, labels), step, 20, 100, rng)

Parameters are a dict from names ("0.W", "0.b", "2.W", …) to arrays and live outside the layers,
so that a step is a plain function from old parameters to new ones. A pass is one of training if
it is given a generator, which dropout draws from, and one of test mode if it is not.

`layers` says what can be built, `training` how it learns; `fast` takes the same steps in place.
"""

from reference_impl.network.layers import (
    Layer,
    activation,
    batch_norm,
    convolution,
    dense,
    dropout,
    flatten,
    max_pooling,
    residual,
    sequential,
)
from reference_impl.network.training import (
    Data,
    Loss,
    evaluate,
    loss_and_gradients,
    squared_loss,
    train,
    trainer,
    training_step,
)

__all__ = [
    "Data",
    "Layer",
    "Loss",
    "activation",
    "batch_norm",
    "convolution",
    "dense",
    "dropout",
    "evaluate",
    "flatten",
    "loss_and_gradients",
    "max_pooling",
    "residual",
    "sequential",
    "squared_loss",
    "train",
    "trainer",
    "training_step",
]
