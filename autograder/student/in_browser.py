"""In a browser an error is text: JupyterLite (0.6, 0.7) never answers the cells behind one.

Its kernel reports an error if IPython has shown a traceback, drops what is queued, and says nothing
of it, so that these cells show `[*]` for ever. Shown as text, an error stops nobody.
"""

from __future__ import annotations

import sys
from typing import Any


def let_errors_be_text(shell: Any) -> None:
    """Write what `shell` shows of errors to stderr, if Python runs in a browser."""
    if sys.platform == "emscripten":
        shell._showtraceback = _written


def _written(_kind: type[BaseException], _error: BaseException, lines: list[str] | str) -> None:
    print(lines if isinstance(lines, str) else "\n".join(lines), file=sys.stderr)
