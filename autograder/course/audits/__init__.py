"""What must hold for every exercise of the bank, asked of each: one law, one file."""
