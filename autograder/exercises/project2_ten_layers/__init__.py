"""The exercises of the second project: ten layers that learn."""
