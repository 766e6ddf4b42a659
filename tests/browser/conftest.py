"""Without what `make browser` installs, this folder is passed over."""

import importlib.util

if any(importlib.util.find_spec(name) is None for name in ("playwright", "sphinx")):
    collect_ignore_glob = ["test_*.py"]
else:
    from fixtures import browser, course_with_submissions, server, shots  # noqa: F401
