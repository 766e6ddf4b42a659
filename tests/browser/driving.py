"""What the browser tests drive: a course folder, a JupyterLab server of its own, and Chromium.

Everything is private to one folder: settings, kernels, home. Whatever a page asks of any other
machine, and whatever goes wrong in it, is written down by `Watched`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from autograder.course.build import Course, build_chapter
from autograder.course.sample_class import sample_class

CHAPTER = "ch02_backprop"
TOKEN = "browser-test-token"
CHROMIUM = os.environ.get("CHAINRULE_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
QUIET = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    }
}
SHOWN = ".jp-Notebook .jp-Cell"
PANEL = ".jp-WindowedPanel-outer"
START_SECONDS = 120
STOP_SECONDS = 120
"""The server ends all its kernels first."""
MOST_WHEEL_TURNS = 300
STEP_MILLISECONDS = 120_000
"""What a page may take where the machine is busy with other things; elsewhere it is seconds."""


def course_folder(original: Course, root: Path) -> Course:
    """A course of its own in `root`: the settings, one chapter's text, and its fresh notebooks."""
    course = Course(root)
    text = Path("chapters", f"{CHAPTER}.py")
    for part in (Path("nbgrader_config.py"), text, text.with_name("_setup.py")):
        (course.nbgrader_root / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original.nbgrader_root / part, course.nbgrader_root / part)
    build_chapter(course, course.nbgrader_root / text, execute=False)
    return course


def hand_in(course: Course, students: Iterable[str]) -> None:
    """Put the submissions of some of the sample class where nbgrader looks for them."""
    released = nbformat.read(course.notebook("release", CHAPTER), as_version=4)
    submissions = sample_class(released)
    for student in students:
        folder = course.nbgrader_root / "submitted" / student / CHAPTER
        folder.mkdir(parents=True)
        (folder / f"{CHAPTER}.ipynb").write_bytes(submissions[student])


@dataclass(frozen=True)
class Server:
    """A running JupyterLab, and the folder it shows."""

    url: str
    folder: Path
    process_id: int

    def page(self, path: str) -> str:
        return f"{self.url}{path}?token={TOKEN}"


@contextlib.contextmanager
def jupyter_lab(folder: Path, private: Path) -> Iterator[Server]:
    """JupyterLab in `folder`, with settings and home in `private`; gone afterwards."""
    port = _free_port()
    command = [
        str(Path(sys.executable).with_name("jupyter")), "lab", "--no-browser", "--allow-root",
        "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
    ]  # fmt: skip
    with (private / "jupyter.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(private), stdout=log, stderr=log
        )
        server = Server(f"http://127.0.0.1:{port}", folder, process.pid)
        try:
            _wait_for(server, process, private / "jupyter.log")
            yield server
        finally:
            process.terminate()
            process.wait(timeout=STOP_SECONDS)


@dataclass(frozen=True)
class Patient:
    """A browser whose pages have the time that they need."""

    browser: Browser

    def new_page(self, **options: Any) -> Page:
        page = self.browser.new_page(**options)
        page.set_default_timeout(STEP_MILLISECONDS)
        return page

    def new_context(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(**options)
        context.set_default_timeout(STEP_MILLISECONDS)
        return context


@contextlib.contextmanager
def chromium() -> Iterator[Patient]:
    """The system's Chromium, headless."""
    expect.set_options(timeout=STEP_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield Patient(browser)
        finally:
            browser.close()


@dataclass
class Watched:
    """What a page complained of, and which other machines it asked."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        page.on("console", self._console)
        page.on("request", lambda request: self._request(request.url))
        page.on("requestfailed", lambda request: self._failed(request.url, request.failure))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text}")

    def _request(self, url: str) -> None:
        if urlsplit(url).hostname not in (None, "127.0.0.1"):
            self.foreign.append(url)

    def _failed(self, url: str, reason: str | None) -> None:
        # A page that is left behind aborts its own requests; nobody minds.
        if reason != "net::ERR_ABORTED":
            self.errors.append(f"{reason}: {url}")


class Notebook:
    """A notebook open in JupyterLab, worked as a learner works it."""

    def __init__(self, page: Page, server: Server, path: str) -> None:
        self.page = page
        self.cells = nbformat.read(server.folder / path, as_version=4).cells
        page.goto(server.page(f"/lab/tree/{path}") + "&reset")
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        kernel = page.locator("#jp-main-statusbar").get_by_text("| Idle")
        expect(kernel).to_be_visible(timeout=STEP_MILLISECONDS)

    def cell(self, name: str) -> Locator:
        """The cell with that id, scrolled into view."""
        index = next(i for i, cell in enumerate(self.cells) if cell.id == name)
        cell = self.page.locator(f'{SHOWN}[data-windowed-list-index="{index}"]')
        first = self.page.locator(SHOWN).first.get_attribute("data-windowed-list-index")
        scroll_to(self.page, cell, 1500 if index > int(first or 0) else -1500)
        return cell

    def answer(self, name: str, line: str) -> None:
        """Type a line over the stub's last one, `raise NotImplementedError()`, and run it."""
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.press("Shift+Home")
        self.page.keyboard.type(line)
        self.run(name)

    def replace(self, name: str, source: str) -> None:
        """Paste a text over all of a cell."""
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def run(self, name: str) -> Locator:
        """Run a cell and return its output area."""
        cell = self.cell(name)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"))
        return cell.locator(".jp-Cell-outputWrapper")

    def state(self) -> str:
        """What a person would see: kernel, prompts, errors, dialogs. For a test that failed."""
        texts = {
            what: self.page.locator(where).all_inner_texts()
            for what, where in {
                "status bar": "#jp-main-statusbar",
                "prompts": ".jp-CodeCell .jp-InputPrompt",
                "errors": ".jp-RenderedText[data-mime-type*='error']",
                "dialogs": ".jp-Dialog",
                "menus": ".lm-Menu",
            }.items()
        }
        return "\n".join(f"{what}: {text}" for what, text in texts.items())

    def validate(self) -> Locator:
        """Press Validate and return the dialog that comes."""
        self.page.locator(".jp-NotebookPanel-toolbar").get_by_text("Validate").click()
        dialog = self.page.locator(".jp-Dialog-content")
        dialog.wait_for()
        return dialog

    def choose(self, menu: str, *entries: str) -> None:
        """Choose an entry of a menu, or of a menu inside it."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        for name in entries:
            self.page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()


def scroll_to(page: Page, wanted: Locator, step: int = 1500) -> None:
    """Turn the mouse wheel until something in a notebook is there, and bring it into view."""
    page.locator(PANEL).hover()
    for _ in range(MOST_WHEEL_TURNS):  # JupyterLab adds cells when it is idle
        if wanted.count():
            break
        page.mouse.wheel(0, step)
        page.wait_for_timeout(50)
    wanted.scroll_into_view_if_needed()


def _environment(private: Path) -> dict[str, str]:
    """The environment without anybody's Jupyter settings, home or display."""
    home = private / "home"
    settings = private / "config" / "labconfig" / "default_setting_overrides.json"
    for folder in (home, settings.parent):
        folder.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(QUIET))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON"))}
    scripts = str(Path(sys.executable).parent)
    return kept | {
        "HOME": str(home),
        "PATH": scripts + os.pathsep + os.environ["PATH"],
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(server.page("/api/status"), timeout=5).close()
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.1)
