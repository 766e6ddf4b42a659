"""What axe-core finds on a page: https://github.com/dequelabs/axe-core."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

BAD = ("serious", "critical")


def barriers(page: Page, within: str | None = None) -> list[str]:
    """The serious findings on a page, or within what a selector names: rule and place."""
    found = Axe().run(page, context=within, options={"preload": False}).response["violations"]
    return [
        f"{rule['id']}: {node['target'][0]} {node['html'][:200]}"
        for rule in found
        if rule["impact"] in BAD
        for node in rule["nodes"]
    ]
