"""The classic networks against PyTorch's autograd, in float64."""

import numpy as np
import pytest
from oracle import close, leaf

from reference_impl.classic_networks import (
    art1,
    boltzmann,
    cascade_correlation,
    elman,
    rbf,
    rbm,
    som,
)

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def torch():
    """PyTorch, imported only when these tests run: without it they fail, they do not hide."""
    import torch

    return torch


@pytest.fixture(params=range(3))
def rng(request):
    """A fresh generator for each of several seeds."""
    return np.random.default_rng(request.param)


def all_states(torch, n):
    """Every state of n units, counted by PyTorch."""
    return torch.cartesian_prod(*[torch.tensor([0.0, 1.0]).double()] * n).reshape(-1, n)


def test_boltzmann(torch, rng):
    """Distribution, likelihood with hidden units and its gradient, by autograd through ln Z."""
    upper = np.triu(rng.normal(size=(6, 6)), 1)
    W, theta = upper + upper.T, rng.normal(size=6)
    v = rng.integers(2, size=(7, 4)).astype(float)
    U, B, states = leaf(torch, upper), leaf(torch, theta), all_states(torch, 6)
    score = torch.einsum("ni,ij,nj->n", states, U, states) + states @ B
    p = torch.softmax(score / 1.7, 0)
    close("boltzmann_distribution", boltzmann.boltzmann_distribution(W, theta, 1.7), p)
    table = torch.log_softmax(score, 0).reshape([2] * 4 + [-1]).logsumexp(-1)
    expected = torch.stack([table[tuple(r.astype(int))] for r in v]).mean()
    expected.backward()
    got = boltzmann.boltzmann_log_likelihood(v, W, theta)
    close("boltzmann_log_likelihood", got, expected)
    dW, dtheta = boltzmann.boltzmann_gradient(v, W, theta)
    close("boltzmann_gradient", np.triu(dW, 1), torch.triu(U.grad, 1))
    close("boltzmann_gradient", dtheta, B.grad)
    s = states[rng.integers(64, size=3)]
    odds = torch.sigmoid((s @ torch.tensor(W) + B) / 1.7)
    close(
        "boltzmann_conditional",
        boltzmann.boltzmann_conditional(s.numpy(), W, theta, 1.7),
        odds,
    )


@pytest.mark.parametrize("sizes", [(5, 3), (3, 5)])
def test_rbm(torch, rng, sizes):
    """Free energy by softplus, likelihood and gradient by autograd over all pairs of states."""
    params = [rng.normal(size=size) for size in (sizes, sizes[0], sizes[1])]
    v = rng.integers(2, size=(7, sizes[0])).astype(float)
    W, b, c = (leaf(torch, p) for p in params)
    vs, hs = all_states(torch, sizes[0]), all_states(torch, sizes[1])
    log_z = (vs @ W @ hs.T + (vs @ b)[:, None] + hs @ c).flatten().logsumexp(0)
    V = torch.tensor(v)
    free = -(V @ b) - torch.nn.functional.softplus(V @ W + c, threshold=1e9).sum(1)
    expected = -free.mean() - log_z
    expected.backward()
    close("rbm_free_energy", rbm.rbm_free_energy(v, *params), free)
    close("rbm_log_partition", rbm.rbm_log_partition(*params), log_z)
    close("rbm_log_likelihood", rbm.rbm_log_likelihood(v, *params), expected)
    for got, tensor in zip(rbm.rbm_likelihood_gradient(v, *params), (W, b, c), strict=True):
        close("rbm_likelihood_gradient", got, tensor.grad)
    up = rbm.rbm_hidden_probability(v, params[0], params[2])
    close("rbm_hidden_probability", up, torch.sigmoid(V @ W + c))
    back = torch.sigmoid(torch.tensor(up) @ W.T + b)
    close("rbm_visible_probability", rbm.rbm_visible_probability(up, *params[:2]), back)
    close(
        "rbm_reconstruction_error",
        rbm.rbm_reconstruction_error(v, *params),
        ((V - back) ** 2).mean(),
    )


def test_rbf(torch, rng):
    """Output and all five gradients, the distances written out."""
    sizes = [(11, 3), (4, 3), 4, (4, 2), 2]
    params = [rng.normal(size=size) for size in sizes]
    params[2] = 0.5 + np.abs(params[2])
    x, centres, widths, weights, b = tensors = [leaf(torch, p) for p in params]
    phi = torch.exp(-((x[:, None] - centres) / widths[:, None]).square().sum(2) / 2)
    expected = phi @ weights + b
    out, cache = rbf.rbf_forward(*params)
    close("rbf_forward", out, expected)
    close("rbf_basis", cache[-1], phi)
    dout = rng.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    for got, tensor in zip(rbf.rbf_backward(dout, cache), tensors, strict=True):
        close("rbf_backward", got, tensor.grad)
    design = torch.hstack([phi.detach(), torch.ones(11, 1)])
    solution = torch.linalg.lstsq(design, torch.tensor(dout)).solution
    fitted = rbf.rbf_fit(params[0], dout, *params[1:3])
    close("rbf_fit", np.vstack(fitted), solution)


def test_som(torch, rng):
    """Distances by torch.cdist; a step is one of gradient descent on Σ h·‖x − w‖²/2."""
    x, weights = rng.normal(size=(11, 3)), rng.normal(size=(4, 5, 3))
    distances = torch.cdist(torch.tensor(x), torch.tensor(weights).flatten(0, 1))
    close("som_distances", som.som_distances(x, weights).reshape(11, -1), distances)
    error = som.quantisation_error(x, weights)
    close("quantisation_error", error, distances.min(1).values.mean())
    W, best = leaf(torch, weights), int(distances[0].argmin())
    assert som.som_winners(x, weights)[0].tolist() == [best // 5, best % 5]
    places = torch.cartesian_prod(torch.arange(4), torch.arange(5)).double()
    h = torch.exp(-torch.cdist(places[[best]], places)[0].square() / (2 * 1.3**2)).reshape(4, 5)
    close("som_neighbourhood", som.som_neighbourhood(np.array(divmod(best, 5)), (4, 5), 1.3), h)
    optimizer = torch.optim.SGD([W], lr=0.4)
    (h * (torch.tensor(x[0]) - W).square().sum(2) / 2).sum().backward()
    optimizer.step()
    close("som_step", som.som_step(x[0], weights, 0.4, 1.3), W)


def test_art1(torch, rng):
    """Choice and match by bitwise and."""
    prototypes, pattern = rng.integers(2, size=(6, 9)), rng.integers(2, size=9)
    pattern[0] = 1
    common = (torch.tensor(prototypes) & torch.tensor(pattern)).sum(1).double()
    given = pattern.astype(float), prototypes.astype(float)
    choice = 2.5 * common / (1.5 + torch.tensor(prototypes).sum(1))
    close("art1_choice", art1.art1_choice(*given, 2.5), choice)
    close("art1_match", art1.art1_match(*given), common / pattern.sum())


def elman_case(rng):
    """Sequences, labels and the parameters of a network."""
    sizes = [(4, 6, 3), (4, 5), (3, 5), (5, 5), 5, (5, 2), 2]
    x, h0, *params = (0.7 * rng.normal(size=size) for size in sizes)
    return x, h0, params, rng.integers(2, size=(4, 6))


def test_elman(torch, rng):
    """torch.nn.RNN has the same states and gradients through time."""
    x, h0, (W_x, W_h, b, _, _), _ = elman_case(rng)
    net = torch.nn.RNN(3, 5, batch_first=True, dtype=torch.float64)
    net.weight_ih_l0.data, net.weight_hh_l0.data = torch.tensor(W_x.T), torch.tensor(W_h.T)
    net.bias_ih_l0.data, net.bias_hh_l0.data = torch.tensor(b), torch.zeros(5).double()
    X, H = leaf(torch, x), leaf(torch, h0)
    expected, _ = net(X, H[None])
    states, cache = elman.elman_forward(x, h0, W_x, W_h, b)
    close("elman_forward", states, expected)
    dstates = rng.normal(size=states.shape)
    expected.backward(torch.tensor(dstates))
    wanted = [X.grad, H.grad, net.weight_ih_l0.grad.T, net.weight_hh_l0.grad.T, net.bias_hh_l0.grad]
    for got, tensor in zip(elman.elman_backward(dstates, cache), wanted, strict=True):
        close("elman_backward", got, tensor)


@pytest.mark.parametrize("window", [1, 2, 4, 6])
def test_elman_truncated(torch, rng, window):
    """Each step's loss goes back through a graph that is cut `window` steps before."""
    x, h0, (W_x, W_h, b, _, _), _ = elman_case(rng)
    X, H, U, R, B = (leaf(torch, a) for a in (x, h0, W_x, W_h, b))
    states, cache = elman.elman_forward(x, h0, W_x, W_h, b)
    dstates = rng.normal(size=states.shape)
    for t in range(6):
        first = max(0, t - window + 1)
        h = H if first == 0 else torch.tensor(states[:, first - 1])
        for s in range(first, t + 1):
            h = torch.tanh(X[:, s] @ U + h @ R + B)
        h.backward(torch.tensor(dstates[:, t]))
    got = elman.elman_backward_truncated(dstates, cache, window)
    for gradient, tensor in zip(got, (X, H, U, R, B), strict=True):
        wanted = tensor.grad if tensor.grad is not None else torch.zeros_like(tensor)
        close("elman_backward_truncated", gradient, wanted)


@pytest.mark.parametrize("last_only", [False, True])
def test_elman_loss(torch, rng, last_only):
    """Cross-entropy of every step, or of the last, with all gradients."""
    x, h0, params, labels = elman_case(rng)
    W_x, W_h, b, W_o, c = tensors = [leaf(torch, p) for p in params]
    X, h, logits = torch.tensor(x), torch.tensor(h0), []
    for t in range(6):
        h = torch.tanh(X[:, t] @ W_x + h @ W_h + b)
        logits.append(h @ W_o + c)
    steps = slice(-1, None) if last_only else slice(None)
    scores = torch.stack(logits, 1)[:, steps].flatten(0, 1)
    expected = torch.nn.functional.cross_entropy(
        scores, torch.tensor(labels[:, steps].astype(np.int64)).flatten()
    )
    expected.backward()
    loss, grads = elman.elman_loss(x, labels, h0, tuple(params), last_only)
    close("elman_loss", loss, expected)
    for got, tensor in zip(grads, tensors, strict=True):
        close("elman_loss", got, tensor.grad)


def test_cascade_correlation(torch, rng):
    """Covariance and its gradient by autograd, the output layer by torch.linalg.lstsq."""
    features, residuals = rng.normal(size=(20, 4)), rng.normal(size=(20, 3))
    w = rng.normal(size=4)
    V = leaf(torch, w)
    value = torch.tanh(torch.tensor(features) @ V)
    E = torch.tensor(residuals)
    expected = ((value - value.mean())[:, None] * (E - E.mean(0))).sum(0).abs().sum()
    expected.backward()
    score, gradient = cascade_correlation.candidate_correlation(features, residuals, w)
    close("candidate_correlation", score, expected)
    close("candidate_correlation", gradient, V.grad)
    fitted = torch.linalg.lstsq(torch.tensor(features), E).solution
    close("cascade_output", cascade_correlation.cascade_output(features, residuals), fitted)
