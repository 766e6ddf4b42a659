"""The grading engine: many submissions at once, each in a sealed process, one writer, a journal."""

import sys

# nbformat needs jsonschema, whose import builds the grammars of internationalised addresses: a
# second in each process, for a format that no notebook's schema has. Without this package
# jsonschema knows one format less.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
