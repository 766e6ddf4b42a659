"""One submission becomes one receipt: reading, running, judging, evidence."""
