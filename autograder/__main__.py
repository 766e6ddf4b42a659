"""`python -m autograder` is the `autograder` command."""

from autograder.commands.cli import main

main()
