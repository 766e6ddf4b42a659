"""HTML made from learners' text, cleaned after it was made: what is not on these lists goes.

A cleaned page asks nothing of any other machine, runs nothing, and cannot look like ours. Formulas
are text until MathJax reads them in the browser; so their own ways to make links go, too.
"""

from __future__ import annotations

import re
from html import escape

import nh3

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "div",
    "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li",
    "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
WITH_TEXT = {
    "canvas", "embed", "iframe", "math", "noembed", "noframes", "noscript", "object", "plaintext",
    "script", "select", "style", "svg", "template", "textarea", "title", "xmp",
}  # fmt: skip
"""What goes together with what is in it."""
ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "div": {"align", "class", "style"},
    "img": {"alt", "height", "src", "title", "width"},
    "ol": {"start"},
    "p": {"align", "style"},
    "span": {"class"},
    "table": {"border", "class"},
    "td": {"align", "colspan", "rowspan", "style"},
    "th": {"align", "colspan", "rowspan", "scope", "style"},
    "tr": {"style"},
}
STYLES = {"text-align"}
SCHEMES = {"http", "https", "mailto", "data"}
VALUES = {
    "href": re.compile(r"(https?://|mailto:|#)", re.IGNORECASE),
    "src": re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[\w+/=\s]*\Z"),
    "class": re.compile(r"([a-z]{1,2}\d?|highlight|dataframe|language-\w+)\Z"),
}
"""How values of these attributes begin, or are: a picture is in the page itself."""
LINKING = "href|url|require|style|class|cssId|mmlToken|bbox|data|html\\w*|texttip|includegraphics"
"""Commands of MathJax that make links, load files or reach into the page's style."""
WITH_LINK = re.compile(r"\\(href|url)\s*\{[^{}]*\}")
COMMAND = re.compile(rf"\\({LINKING})(?![A-Za-z])")

TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
VOID = {"br", "hr", "img", "col", "input", "wbr", "meta", "link"}
ENDS_ITSELF = {"li", "p", "td", "th", "tr", "dt", "dd", "option"}
MAX_DEPTH = 200
"""Browsers stop at 512; parsing takes time with the square of the depth."""
MAX_CHARACTERS = 4 << 20


def clean(html: str) -> str:
    """The HTML with what is allowed of it; what is nested too deeply comes as plain text."""
    if len(html) > MAX_CHARACTERS or too_deep(html):
        return as_text(html)
    kept = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=WITH_TEXT,
        attributes=ATTRIBUTES,
        attribute_filter=_value,
        url_schemes=SCHEMES,
        filter_style_properties=STYLES,
        link_rel="noopener noreferrer nofollow",
    )
    return without_links(kept)


def as_text(text: str) -> str:
    """Text as it is, for people to read; MathJax leaves it alone."""
    return f"<pre>{escape(text)}</pre>"


def without_links(formulas: str) -> str:
    """Formulas that link to nothing, load nothing and style nothing."""
    return COMMAND.sub(r"\\text{\1}", WITH_LINK.sub("", formulas))


def picture(media_type: str, base64: str, words: str = "figure") -> str:
    """A picture that the page itself holds; of an SVG nothing runs and nothing is loaded so."""
    return f'<img src="data:{media_type};base64,{base64}" alt="{escape(words)}">'


def too_deep(html: str) -> bool:
    """Whether its elements are nested deeper than pages of people are."""
    stack: list[str] = []
    for closing, name in TAG.findall(html):
        tag = name.lower()
        if tag in VOID:
            continue
        if closing:
            if tag in stack:
                del stack[len(stack) - 1 - stack[::-1].index(tag) :]
        elif not (tag in ENDS_ITSELF and stack and stack[-1] == tag):
            stack.append(tag)
        if len(stack) > MAX_DEPTH:
            return True
    return False


def _value(tag: str, attribute: str, value: str) -> str | None:
    """The value of an attribute, or None to leave it out."""
    wanted = VALUES.get(attribute)
    return value if wanted is None or wanted.match(value.strip()) else None
