"""Grades as others want to read them: Canvas, Moodle, a table. Formats only; nobody is asked."""
