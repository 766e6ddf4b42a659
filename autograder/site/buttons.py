"""Where a chapter's notebook opens by a click, with nothing installed."""

from __future__ import annotations

IN_THIS_SITE = "lite/lab/index.html?path={name}.ipynb"
ELSEWHERE = {
    "Binder": "https://mybinder.org/v2/gh/{repository}/HEAD?labpath=course/release/{name}/{name}.ipynb",
    "Codespaces": "https://codespaces.new/{repository}?quickstart=1",
}
"""Machines of others that read the repository: `environment.yml`, `.devcontainer/`."""


def buttons(name: str, repository: str = "") -> str:
    """The HTML below a chapter's title; `repository` is `owner/name` on GitHub, if it is there."""
    here = f'<a href="{IN_THIS_SITE.format(name=name)}">Try it in the browser</a>'
    said = "Nothing to install: the notebook with its checks, in this tab."
    if repository:
        leads = {
            place: address.format(name=name, repository=repository)
            for place, address in ELSEWHERE.items()
        }
        places = (f'<a href="{lead}">{place}</a>' for place, lead in leads.items())
        said += f" Or in {' or '.join(places)}."
    return f'<p class="try-it">{here}<span>{said}</span></p>'
