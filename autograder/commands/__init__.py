"""The `autograder` command: one module for each of its commands."""
