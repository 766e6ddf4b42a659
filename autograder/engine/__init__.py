"""The grading engine: many submissions at once, each in a sealed process, one writer, a journal."""
