"""Submissions as they come: each folder in scenarios/ is one, with what must come of it.

`hostile/` attacks, `broken/` does not. `submission.py` holds cells (percent format): one that
defines an exercise's function answers it, any other is the learner's own and stands first.
`submission.ipynb` is handed in as it is; `make.py` makes the bytes of what is too big or odd to
keep. In `expected.json`, exercises that are not named earn nothing; flags and messages are parts
of text; what is under an isolation's name replaces the rest there. Adding a folder adds a test.

`make test` does every third with the best isolation that this machine has. `thorough` is the rest,
and all with every other isolation, as the user who runs the tests and, if that is root, as an
ordinary one too. `@WITNESS@` in a submission stands for the path of a
course folder that nobody may touch.
"""

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.judging import bank
from autograder.pages.class_facts import class_facts
from autograder.pages.report import class_page, notebook_page, summary_html
from autograder.sandbox import Isolation, available_isolation
from autograder.submission.receipt import Receipt
from autograder.submission.student_result import StudentResult

HERE = Path(__file__).parent / "scenarios"
SCENARIOS = sorted(path.parent for path in HERE.glob("*/*/expected.json"))
NOBODY = 65534
PROBE = """
from autograder.sandbox.judge.isolation import works
from autograder.sandbox import Isolation, available_isolation
print(*[i.value for i in Isolation if i.value != "none" and works(i)])
"""


@dataclass(frozen=True)
class Backend:
    """One way in which this machine can isolate: the kind, and who runs the grader."""

    isolation: Isolation
    prefix: tuple[str, ...] = ()

    def __str__(self):
        return self.isolation.value + ("-as-nobody" if self.prefix else "")


def as_nobody():
    """How to run a program as an ordinary user, with a home to keep its caches in."""
    home = tempfile.mkdtemp(prefix="chainrule-nobody-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.chown(home, NOBODY, NOBODY)
    user = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    return (*user, "env", f"HOME={home}")


@functools.cache
def python_for(prefix):
    """A Python that this user can run: the tests' own, or the system's with the same packages."""
    version = sys.version_info[:2]
    system = f"/usr/bin/python{version[0]}.{version[1]}"
    found = subprocess.run([*prefix, sys.executable, "-c", ""], capture_output=True, check=False)
    if not prefix or found.returncode == 0 or not Path(system).exists():
        return sys.executable
    folder = Path(tempfile.mkdtemp(prefix="chainrule-python-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    subprocess.run([system, "-m", "venv", "--without-pip", folder], check=True)
    packages = folder / "lib" / f"python{version[0]}.{version[1]}" / "site-packages"
    packages.rmdir()
    packages.symlink_to(sysconfig.get_path("purelib"))
    return str(folder / "bin" / "python")


def run(prefix, *arguments, **options):
    """Run Python with this checkout's modules, from a folder that has nothing of ours."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1]), "OPENBLAS_NUM_THREADS": "1"}
    command = [*prefix, python_for(prefix), "-B", *arguments]
    return subprocess.Popen(command, cwd="/", env=environment, text=True, **options)


def backends():
    """Every isolation that works here; as root also those that work for an ordinary user."""
    found = []
    for prefix in [(), as_nobody()] if os.geteuid() == 0 else [()]:
        try:
            probe = run(prefix, "-c", PROBE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except FileNotFoundError:  # no setpriv
            continue
        found += [Backend(Isolation(name), prefix) for name in probe.communicate()[0].split()]
    return found


def pytest_generate_tests(metafunc):
    if "backend" in metafunc.fixturenames:
        best = Backend(available_isolation())
        daily = {(best, folder) for folder in SCENARIOS[::3]}
        few = "not thorough" in metafunc.config.getoption("markexpr")  # spares asking for others
        cases = [(b, folder) for b in ([best] if few else backends()) for folder in SCENARIOS]
        cases = [
            pytest.param(
                *case,
                id=f"{case[0]}-{case[1].parent.name}-{case[1].name}",
                marks=[] if case in daily else [pytest.mark.thorough],
            )
            for case in cases
        ]
        metafunc.parametrize(("backend", "folder"), cases)


@pytest.fixture(scope="session")
def outcomes(request, tmp_path_factory):
    """What came of every scenario that this run of the tests asks for, by backend and name."""
    chosen = {}
    for item in request.session.items:
        if "outcomes" in getattr(item, "fixturenames", ()):
            backend, folder = item.callspec.params["backend"], item.callspec.params["folder"]
            chosen.setdefault(backend, []).append(str(folder))
    place = tmp_path_factory.mktemp("outcomes")
    running = {}
    for backend, folders in chosen.items():
        output = place / str(backend)
        with output.open("w") as out, output.with_suffix(".err").open("w") as err:
            arguments = (str(HERE / "grade.py"), backend.isolation.value)
            runner = run(backend.prefix, *arguments, stdin=subprocess.PIPE, stdout=out, stderr=err)
        runner.stdin.write("\n".join(folders))
        runner.stdin.close()
        running[backend] = runner, output
    return {backend: read(*finished) for backend, finished in running.items()}


def read(runner, output):
    runner.wait()
    lines = map(json.loads, output.read_text().splitlines())
    found = {line["scenario"]: line for line in lines}
    return found | {"errors": output.with_suffix(".err").read_text()[-2000:]}


@pytest.mark.slow
def test_scenario(outcomes, backend, folder):
    """Points, flags and messages are the expected ones; an attack harms and leaves nothing."""
    assert folder.name in outcomes[backend], f"the grader ended: {outcomes[backend]['errors']}"
    outcome = outcomes[backend][folder.name]
    assert "crashed" not in outcome, outcome["crashed"]
    expected = json.loads((folder / "expected.json").read_text())
    expected |= expected.get(backend.isolation.value, {})
    check_receipt(Receipt.from_json(outcome["receipt"]), expected)
    if folder.parent.name == "hostile":
        assert outcome["left"] == []
        assert outcome["next"] == bank.find("half_mse").points


def check_receipt(receipt, expected):
    assert receipt.grader_errors == []
    earned = {slug: e.earned for slug, e in receipt.exercises.items() if e.earned}
    assert earned == expected["earned"]
    for kind in ("flags", "repairs"):
        found = getattr(receipt, kind)
        assert bool(found) == bool(expected.get(kind)), found
        for part in expected.get(kind, []):
            assert any(part in text for text in found), found
    found = receipt.to_json()
    everything = json.dumps(found["exercises"]) + json.dumps(found["cells"])
    for part in expected.get("shows", []):
        assert part in everything
    for part in expected.get("never_shows", []):
        assert part not in everything
    check_pages(receipt)


class ActiveContent(HTMLParser):
    """Collects scripts, event handlers and addresses of elsewhere."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [tag] * (tag in {"script", "iframe", "object", "embed", "form"})
        for name, value in attrs:
            elsewhere = name in {"src", "href"} and not (value or "").startswith(("data:", "#"))
            self.found += [name] * (name.startswith("on") or elsewhere)


def active_content(page):
    parser = ActiveContent()
    parser.feed(page)
    return parser.found


def check_pages(receipt):
    """Whatever a submission says, every page of ours can be made and runs none of it."""
    row = StudentResult("ada", {"ch02_backprop": receipt}, receipt.earned, receipt.points)
    whole_class = class_page(class_facts("ch02_backprop", [row], receipt.isolation))
    assert active_content(whole_class) == active_content(class_page(class_facts("a", [], "b")))
    for page in (notebook_page(receipt, "ch02_backprop"), summary_html(receipt)):
        assert active_content(page) == []
    for page in (whole_class, notebook_page(receipt, "ch02_backprop"), summary_html(receipt)):
        assert "\x1b" not in page
        assert len(page) < 2_000_000
