"""What an author makes: chapter texts become notebooks, audits, coverage, the student's kit."""
