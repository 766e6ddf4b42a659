"""`make site`: the course as pages, in `build/site`. A warning of Sphinx's is an error."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from autograder.course.build import Course, locate
from autograder.site.public_names import as_written
from autograder.site.sources import Sources

SETTINGS: dict[str, Any] = {
    "project": "Chainrule",
    "html_title": "Chainrule",
    "author": "the authors of Chainrule",
    "copyright": "the authors of Chainrule",
    "language": "en",
    "extensions": ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"],
    "autodoc_member_order": "bysource",
    "autodoc_typehints": "none",  # the docstrings tell them, with shapes and units
    "add_module_names": False,
    "napoleon_use_rtype": False,
    "default_role": "code",
    "html_theme": "sphinx_book_theme",
    "html_static_path": ["_static"],
    "html_css_files": ["site.css"],
    "html_copy_source": False,
    "html_use_index": False,
    "html_context": {"default_mode": "auto"},
    "html_favicon": "_static/favicon.svg",
    "html_show_sphinx": False,
    "html_theme_options": {
        "footer_content_items": ["copyright", "extra-footer"],
        "use_download_button": False,
        "use_fullscreen_button": False,
        "extra_footer": "Code: BSD 3-Clause. Prose and figures: CC BY 4.0.",
        "show_toc_level": 2,
        "pygments_light_style": "a11y-high-contrast-light",
        "pygments_dark_style": "a11y-high-contrast-dark",
    },
    "mathjax_path": "mathjax/tex-mml-chtml.js",
    "myst_enable_extensions": ["dollarmath", "amsmath"],
    "myst_heading_anchors": 4,
    "nb_execution_mode": "off",
    "suppress_warnings": ["myst.header"],  # a chapter may begin with a box
}


@click.command()
@click.argument("names", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/site"))
@click.option("--repository", default="", help="owner/name on GitHub: adds buttons of clouds.")
def main(names: tuple[str, ...], out: Path, repository: str) -> None:
    """Make pages of NAMES (default: all chapters and projects) from their executed solutions."""
    course = locate()
    chosen = names or tuple(text.stem for text in course.texts)
    code = make_site(course, out, chosen, repository)
    print(f"{out}/index.html: serve the folder, e.g. with `python3 -m http.server -d {out}`")
    if not (out / "lite").exists():
        print("its buttons “Try it in the browser” wait for `make lite`")
    sys.exit(code)


def make_site(course: Course, out: Path, names: tuple[str, ...], repository: str = "") -> int:
    """Write the site into `out` and its sources beside it; return Sphinx's exit code."""
    sources = Sources(course, out.with_name(f"{out.name}-src").absolute(), names, repository)
    sources.write()
    doctrees = out.with_name(f"{out.name}-doctrees")
    with docutils_namespace():
        app = Sphinx(
            sources.folder, None, out, doctrees, "html", SETTINGS,
            status=None, warningiserror=True, keep_going=True, parallel=2,
        )  # fmt: skip
        app.connect("autodoc-process-docstring", as_written, priority=400)  # before Napoleon
        app.build()
    return int(app.statuscode)


if __name__ == "__main__":
    main()
