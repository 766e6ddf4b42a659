# %% [markdown]
# # Regularisation: draft

# %% tags=["setup"]

# %% exercise="l2_penalty"
# %% exercise="weight_decay_step"
# %% exercise="l1_penalty"
# %% exercise="proximal_l1_step"
# %% exercise="shared_cost"
# %% exercise="ridge_fit"
# %% exercise="cross_validate"
# %% exercise="diagnose_fit"
# %% exercise="train_early_stopped"
# %% exercise="train_validation_split"
# %% exercise="k_folds"
# %% exercise="shifted_copies"
# %% exercise="stack_forward"
# %% exercise="stack_backward"
# %% exercise="regularization_predictions"
# %% exercise="regularization_bug_hunt"
