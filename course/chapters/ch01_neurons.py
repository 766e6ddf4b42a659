# %% [markdown]
# # TODO: the chapter's title, as a reader would say it
#
# TODO: what you will have built at the end, and why one wants it. Three sentences.
#
# **How to work.** Paper and pencil first, then the exercise, then the experiment that runs *your* function.

# %% tags=["setup"]

# %% [markdown]
# ## 1. TODO: the first question
#
# *On paper.* TODO: a small case, in numbers that one can check by hand.
