"""The course on the web: pages to read, made by Sphinx, and notebooks that run in a browser."""
