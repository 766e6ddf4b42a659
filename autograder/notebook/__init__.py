"""A notebook of the course as a file: what its cells are, and how one in any state is read."""
