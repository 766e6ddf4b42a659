"""Without Playwright (`make browser` installs it) this folder is passed over."""

import importlib.util

if importlib.util.find_spec("playwright") is None:
    collect_ignore_glob = ["test_*.py"]
else:
    from fixtures import browser, course_with_submissions, server, shots  # noqa: F401
