"""Fine-tuning against PyTorch, in float64."""

import itertools

import numpy as np
import pytest
from oracle import close

from reference_impl import transfer as ref

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def torch():
    """PyTorch, imported only when these tests run: without it they fail, they do not hide."""
    import torch

    return torch


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("trained", [1, 2, 3])
def test_fine_tune(torch, seed, trained):
    """torch.optim.SGD on a Sequential whose lower layers require no gradient."""
    rng, sizes = np.random.default_rng(seed), [3, 5, 4, 2]
    weights = [rng.normal(size=pair) for pair in itertools.pairwise(sizes)]
    biases = [rng.normal(size=n) for n in sizes[1:]]
    x, labels = rng.normal(size=(9, 3)), rng.integers(2, size=9)
    layers = []
    for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
        layer = torch.nn.Linear(*W.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.tensor(W.T), torch.tensor(b)
        layer.requires_grad_(i >= 3 - trained)
        layers += [torch.nn.Sigmoid(), layer] if i else [layer]
    net = torch.nn.Sequential(*layers)
    X, Y = torch.tensor(x), torch.tensor(labels.astype(np.int64))
    features = ref.frozen_features(x, weights[:2], biases[:2])
    close("frozen_features", features, net[:4](X))
    loss = torch.nn.functional.cross_entropy(net(X), Y)
    loss.backward()
    got, dWs, dbs = ref.classifier_gradients(x, labels, weights, biases)
    close("classifier_gradients", got, loss)
    for i in range(3 - trained, 3):
        close("classifier_gradients", dWs[i], net[2 * i].weight.grad.T)
        close("classifier_gradients", dbs[i], net[2 * i].bias.grad)
    optimizer = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=0.4)
    order = np.random.default_rng(5)
    for _ in range(4):
        shuffled = order.permutation(9)
        for batch in (shuffled[:4], shuffled[4:8], shuffled[8:]):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(net(X[batch]), Y[batch]).backward()
            optimizer.step()
    tuned = ref.fine_tune(x, labels, weights, biases, trained, 0.4, 4, 4, np.random.default_rng(5))
    for i in range(3):
        close("fine_tune", tuned[0][i], net[2 * i].weight.T)
        close("fine_tune", tuned[1][i], net[2 * i].bias)
    close("fine_tune", tuned[2][-1], torch.nn.functional.cross_entropy(net(X), Y))
    assert ref.classify(x, *tuned[:2]).tolist() == net(X).argmax(1).tolist()
