# %% [markdown]
# # Glossary
#
# One or two sentences for each term, and the chapter where it is at home.
#
# ### activation
# The function between a layer's sum and its output (sigmoid, ReLU, …), and also that output. [Chapter 3](ch03_activations)
#
# ### Adagrad
# A step rule that divides each weight's step by the root of the sum of its squared gradients so far. [Chapter 9](ch09_optimizers)
#
# ### Adam
# Momentum and RMSProp in one rule, with a correction for the first steps. [Chapter 9](ch09_optimizers)
#
# ### ART
# Adaptive resonance theory: a network that opens a new category when no prototype is similar enough. [Chapter 14](ch14_classic_networks)
#
# ### back-propagation
# Computing all slopes of the cost in one sweep from the output to the input. [Chapter 2](ch02_backprop)
#
# ### basin of attraction
# All starting points from which descent ends in the same minimum. [Chapter 10](ch10_local_minima)
#
# ### batch
# The examples that are used together for one step. [Chapter 9](ch09_optimizers)
#
# ### batch normalisation
# Giving every feature of a batch mean 0 and variance 1, then a learned scale and shift. [Chapter 6](ch06_batchnorm)
#
# ### bias
# A number that is added to a unit's weighted sum: it moves the threshold. [Chapter 1](ch01_neurons)
#
# ### bias correction
# In Adam: dividing a running mean by what it can have reached by now. [Chapter 9](ch09_optimizers)
#
# ### Boltzmann machine
# A network of units that switch at random, with energy deciding how often each state occurs. [Chapter 14](ch14_classic_networks)
#
# ### cache
# What a layer keeps on the way forward because the way back needs it. [Chapter 2](ch02_backprop)
#
# ### chain rule
# Rates along a path multiply; several paths add. [Chapter 2](ch02_backprop)
#
# ### channel
# One of the planes of an image: a colour, or the map that one kernel makes. [Chapter 12](ch12_convolution)
#
# ### condition number
# The largest curvature over the smallest: how narrow a valley is. [Chapter 9](ch09_optimizers)
#
# ### contrastive divergence
# A shortcut for training a restricted Boltzmann machine: compare the data with what one step of sampling makes of them. [Chapter 13](ch13_transfer)
#
# ### convex
# Bowl-shaped: every chord lies above the curve, so that every local minimum is global. [Chapter 9](ch09_optimizers)
#
# ### convolution
# One small set of weights applied at every place of an image. [Chapter 12](ch12_convolution)
#
# ### cost
# The number that training makes small; also loss. [Chapter 2](ch02_backprop)
#
# ### cross-entropy
# The cost $-\ln$ of the probability that the network gave to the truth. [Chapter 2](ch02_backprop)
#
# ### cross-validation
# Holding out each part of the data in turn, so that every example is tested once. [Chapter 7](ch07_regularization)
#
# ### dead
# Of a unit: its output, and so its gradient, is 0 for every example. [Chapter 3](ch03_activations)
#
# ### drop rate
# The probability $p$ that dropout silences a unit. [Chapter 8](ch08_dropout)
#
# ### dropout
# Silencing units at random in training. [Chapter 8](ch08_dropout)
#
# ### early stopping
# Going back to the weights of the best validation loss when it has not improved for a while. [Chapter 7](ch07_regularization)
#
# ### ensemble
# Several networks whose answers are averaged. [Chapter 8](ch08_dropout)
#
# ### epoch
# One pass over all training examples. [Chapter 9](ch09_optimizers)
#
# ### error
# Of a layer: $\delta = \partial C/\partial z$. [Chapter 2](ch02_backprop)
#
# ### excess loss
# How far the loss lies above its minimum. [Chapter 9](ch09_optimizers)
#
# ### fan-in
# The number of inputs of a unit. [Chapter 5](ch05_initialization)
#
# ### feature
# One column of the data: one number that every example has. [Chapter 4](ch04_preprocessing)
#
# ### fine-tuning
# Training a network that was trained for another task a little further on the new one. [Chapter 13](ch13_transfer)
#
# ### gradient
# The slopes of the cost by all parameters, in one vector. [Chapter 2](ch02_backprop)
#
# ### gradient check
# Comparing computed slopes with measured ones. [Chapter 2](ch02_backprop)
#
# ### hyper-parameter
# A number that gradient descent does not learn: a rate, a penalty, a size. [Chapter 11](ch11_tuning)
#
# ### inverted dropout
# Dropout that enlarges the survivors, so that nothing has to be done in the test. [Chapter 8](ch08_dropout)
#
# ### keep rate
# $1 - p$, the probability that dropout leaves a unit alone. [Chapter 8](ch08_dropout)
#
# ### kernel
# The small set of weights that a convolution moves over the image. [Chapter 12](ch12_convolution)
#
# ### layer
# Units that get the same inputs: `x @ W + b`, then an activation. [Chapter 1](ch01_neurons)
#
# ### learning rate
# How far a step goes along the negative gradient. [Chapter 2](ch02_backprop)
#
# ### local minimum
# A point from which every small step leads up. [Chapter 10](ch10_local_minima)
#
# ### logits
# The scores of the classes before the softmax. [Chapter 2](ch02_backprop)
#
# ### mask
# The zeros and ones (or their enlarged form) that dropout multiplies by. [Chapter 8](ch08_dropout)
#
# ### maxout
# The largest of several linear functions: an activation that learns its shape. [Chapter 3](ch03_activations)
#
# ### mini-batch
# A small random part of the training examples, used for one step. [Chapter 9](ch09_optimizers)
#
# ### Momentum
# A step rule that remembers its velocity. [Chapter 9](ch09_optimizers)
#
# ### Nesterov
# Momentum that asks for the slope where it will be carried. [Chapter 9](ch09_optimizers)
#
# ### noise floor
# The loss around which SGD with a constant rate hovers. [Chapter 9](ch09_optimizers)
#
# ### overfitting
# Learning the training examples by heart, and others badly. [Chapter 7](ch07_regularization)
#
# ### patience
# How many evaluations without improvement one waits before stopping. [Chapter 11](ch11_tuning)
#
# ### PCA
# Principal component analysis: the directions in which data vary most. [Chapter 4](ch04_preprocessing)
#
# ### perceptron
# A unit with a threshold, and the rule that moves its boundary after each mistake. [Chapter 1](ch01_neurons)
#
# ### plateau
# A stretch of training in which the loss hardly moves. [Chapter 10](ch10_local_minima)
#
# ### pooling
# Keeping one number, the largest or the mean, for each small patch. [Chapter 12](ch12_convolution)
#
# ### ravine
# A valley much steeper across than along. [Chapter 9](ch09_optimizers)
#
# ### rectified linear unit
# The ReLU, $\max(0, x)$. [Chapter 3](ch03_activations)
#
# ### regularization
# Whatever keeps a network from overfitting: penalties, stopping, noise, more data. [Chapter 7](ch07_regularization)
#
# ### RMSProp
# Adagrad that forgets: a running mean of squares. [Chapter 9](ch09_optimizers)
#
# ### root mean square
# The root of the mean of the squares: size, whatever the sign. [Chapter 5](ch05_initialization)
#
# ### saddle
# A point of zero slope from which some directions lead up and others down. [Chapter 10](ch10_local_minima)
#
# ### saturated
# Of a unit: near an end of its range, where its slope is almost 0. [Chapter 3](ch03_activations)
#
# ### schedule
# A rule for how the learning rate changes during training. [Chapter 9](ch09_optimizers)
#
# ### SGD
# Stochastic gradient descent: a step after every example or mini-batch. [Chapter 9](ch09_optimizers)
#
# ### sigmoid
# The S-shaped function $1/(1 + e^{-x})$. [Chapter 1](ch01_neurons)
#
# ### softmax
# Scores to probabilities: exponentials divided by their sum. [Chapter 2](ch02_backprop)
#
# ### softplus
# $\ln(1 + e^x)$, a smooth ReLU. [Chapter 3](ch03_activations)
#
# ### state
# What a step rule keeps from one step to the next. [Chapter 9](ch09_optimizers)
#
# ### step rule
# What makes new parameters of old ones and a gradient. [Chapter 9](ch09_optimizers)
#
# ### subgradient
# Any slope between those on the two sides of a kink. [Chapter 3](ch03_activations)
#
# ### test mode
# How a layer works when training is over, if that differs. [Chapter 6](ch06_batchnorm)
#
# ### transfer
# Using for one task what was learned on another. [Chapter 13](ch13_transfer)
#
# ### validation loss
# The loss on examples that are used for decisions, not for gradients. [Chapter 11](ch11_tuning)
#
# ### velocity
# Momentum's memory: a running sum of steps. [Chapter 9](ch09_optimizers)
#
# ### weights
# The numbers that a layer multiplies its inputs by. [Chapter 1](ch01_neurons)
#
# ### whitening
# Turning and scaling data so that all directions have variance 1. [Chapter 4](ch04_preprocessing)
