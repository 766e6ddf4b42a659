# %% [markdown]
# # Notation
#
# One page for all chapters. Where a book or a paper writes something else, the chapter says so.
#
# ## Shapes
#
# | written | read | shape |
# |---|---|---|
# | `x` | a batch of examples, one per row | $(N, D)$ |
# | $N$, $D$ | number of examples, of features | numbers |
# | `y`, `labels` | targets; true classes 0 to $C - 1$ | $(N, C)$; $(N,)$ |
# | `W`, `b` | weights and biases of a layer | $(n_\text{in}, n_\text{out})$; $(n_\text{out},)$ |
# | `z = x @ W + b` | pre-activation | $(N, n_\text{out})$ |
# | `a = f(z)` | activation, the layer's output | $(N, n_\text{out})$ |
# | images | examples, channels, height, width | $(N, C, H, W)$ |
#
# Nielsen's book writes weights the other way round, one *row* per unit: his $W$ is our $W^\top$.
#
# ## Derivatives
#
# | written | read |
# |---|---|
# | $\partial C/\partial w$ | how fast the cost $C$ changes with $w$, all else held still: a slope |
# | $\nabla C$ | all slopes in one vector: the gradient |
# | $\delta$, `delta` | $\partial C/\partial z$, the error of a layer |
# | `dout`, `dx`, `dW` | the gradient of the cost by the output, by `x`, by `W`; same shape as what it is by |
# | `cache` | what the way back needs to know about the way forward |
# | $\odot$ | entry by entry |
# | $\sigma(z)$ | the sigmoid $1/(1 + e^{-z})$; in statistics, a standard deviation |
#
# ## Training
#
# | written | read |
# |---|---|
# | $\eta$, $\alpha$, `rate` | learning rate |
# | $\mu$, `momentum` | momentum coefficient |
# | $\lambda$, `penalty` | strength of a penalty |
# | $p$ | drop rate: the probability that a unit is silenced |
# | $\varepsilon$, `eps` | a small number that keeps a division from failing |
# | $\gamma$, $\beta$ | learned scale and shift of a normalisation |
# | `params`, `grads`, `state` | dicts from names to arrays: parameters, their gradients, a step rule's memory |
# | `rng` | a `numpy.random.Generator`; all chance comes from one that is handed in |
#
# ## Probability
#
# | written | read |
# |---|---|
# | $\mathrm{E}[x]$ | mean over all that may happen |
# | $\mathrm{Var}(x)$ | variance; divided by $N$, unless the text says $N - 1$ |
# | $\mathcal N(0, 1)$ | the normal distribution with mean 0 and variance 1 |
# | $\approx$, $\propto$ | about equal; equal but for a constant factor |
