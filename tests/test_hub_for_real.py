"""JupyterHub for real: three users of the machine go through a week, by the servers' own doors.

`CHAINRULE_HUB` names a folder with an environment that all may use, made as docs/jupyterhub.md
says: `bin/jupyterhub` in it, and `node_modules/.bin/configurable-http-proxy`. Users are made and
removed, so it has to be root's.
"""

import contextlib
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from autograder.course.sample_class import CHAPTER, sample_course
from autograder.judging import bank

pytestmark = pytest.mark.hub

TEACHER, RIGHT, BLANK = "chainrule-teacher", "chainrule-right", "chainrule-blank"
STUDENTS = {RIGHT: "ada", BLANK: "dan"}
FULL = sum(e.points for e in bank.chapter(CHAPTER).values())
PATIENCE = 300
SETTINGS = """
c = get_config()
c.CourseDirectory.course_id = "chainrule"
c.Exchange.root = {exchange!r}
"""
HUB = """
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///{base}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{base}/cookie"
c.ConfigurableHTTPProxy.command = ["{home}/node_modules/.bin/configurable-http-proxy"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.pid_file = "{base}/proxy.pid"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.services = [dict(name="week", api_token="{token}")]
scopes = ["admin:users", "admin:servers", "access:servers"]
c.JupyterHub.load_roles = [dict(name="week", scopes=scopes, services=["week"])]
c.Spawner.cmd = ["{home}/bin/jupyterhub-singleuser"]
path = "{home}/bin:/usr/local/bin:/usr/bin:/bin"
c.Spawner.environment = dict(PATH=path, JUPYTER_CONFIG_PATH="{settings}")
c.Spawner.http_timeout = c.Spawner.start_timeout = 240
"""


class Hub:
    """A running hub, asked as its own service."""

    def __init__(self, port, token):
        self.at, self.token = f"http://127.0.0.1:{port}", token

    def ask(self, path, form=None, method=None):
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(f"{self.at}{path}", data, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read()

    def done(self, path, form=None):
        """What one of nbgrader's doors answers; it has to say that it worked."""
        found = json.loads(self.ask(path, form if form is not None else {})[1])
        assert found.get("success", True), found
        return found

    def start(self, user):
        with contextlib.suppress(urllib.error.HTTPError):
            self.ask(f"/hub/api/users/{user}", method="POST")
        self.ask(f"/hub/api/users/{user}/server", method="POST")
        wait_for(lambda: json.loads(self.ask(f"/hub/api/users/{user}")[1])["server"])


def wait_for(true):
    """Wait for a state; what is asked may not be there yet."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if found := true():
                return found
        time.sleep(0.2)
    raise TimeoutError


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def home():
    return Path(os.environ["CHAINRULE_HUB"]).resolve()


@pytest.fixture(scope="module")
def base():
    """A folder that all may enter; pytest's are its owner's alone."""
    folder = Path(tempfile.mkdtemp(prefix="chainrule-hub-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def people(base, course):
    """Three users; the teacher has the course, and all find the settings."""
    exchange = base / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    (base / "nbgrader_config.py").write_text(SETTINGS.format(exchange=str(exchange)))
    names = (TEACHER, *STUDENTS)
    for name in names:
        made = ["useradd", "--create-home", "--home-dir", base / name, "--shell", "/bin/sh", name]
        subprocess.run(made, check=True)
    demo = sample_course(course, base / TEACHER / "chainrule")
    shutil.copytree(demo.nbgrader_root / "submitted", base / "answers")
    shutil.rmtree(demo.nbgrader_root / "submitted")
    with (demo.nbgrader_root / "nbgrader_config.py").open("a") as config:
        config.write(f"c.Exchange.root = {str(exchange)!r}\n")
    own = base / TEACHER / ".jupyter" / "nbgrader_config.py"
    own.parent.mkdir()
    root = str(demo.nbgrader_root)
    own.write_text(f"c = get_config()\nc.CourseDirectory.root = {root!r}\n")
    subprocess.run(["chown", "-R", f"{TEACHER}:", base / TEACHER], check=True)
    yield demo
    for name in names:
        subprocess.run(["userdel", name], check=True)


@pytest.fixture(scope="module")
def hub(home, base, people):
    ports = {name: free_port() for name in ("port", "hub_port", "proxy_port")}
    token = secrets.token_hex(16)
    config = base / "hub" / "jupyterhub_config.py"
    config.parent.mkdir(mode=0o700)
    places = {"base": config.parent, "settings": base, "home": home}
    config.write_text(HUB.format(token=token, **places, **ports))
    log = (config.parent / "log").open("w")
    place = {**os.environ, "PATH": f"{home}/bin:{os.environ['PATH']}"}
    command = [home / "bin" / "jupyterhub", "--config", config]
    process = subprocess.Popen(
        command, cwd=config.parent, env=place, stdout=log, stderr=subprocess.STDOUT
    )
    found = Hub(ports["port"], token)
    try:
        wait_for(lambda: found.ask("/hub/api/")[0] == 200)
        yield found
    finally:
        process.terminate()
        process.wait(60)
        sys.stdout.write((config.parent / "log").read_text()[-20000:])


def run_as(name, home, *command, cwd):
    """Run a command of the environment as one of the users, in their own surroundings."""
    who = pwd.getpwnam(name)
    place = {"PATH": f"{home}/bin:/usr/bin:/bin", "HOME": who.pw_dir, "USER": name}
    place["JUPYTER_CONFIG_PATH"] = str(Path(who.pw_dir).parent)
    done = subprocess.run(
        [home / "bin" / command[0], *command[1:]], cwd=cwd, env=place, user=who.pw_uid,
        group=who.pw_gid, extra_groups=[], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_week(home, base, people, hub):
    """Release, fetch, submit, collect, grade by command and by button, and the feedback back."""
    root = people.nbgrader_root
    assert "users' servers have what they need" in run_as(
        TEACHER, home, "autograder", "doctor", "--hub", cwd=root
    )
    run_as(TEACHER, home, "nbgrader", "generate_assignment", CHAPTER, "--force", cwd=root)
    run_as(TEACHER, home, "nbgrader", "release_assignment", CHAPTER, cwd=root)
    for user in (TEACHER, *STUDENTS):
        hub.start(user)
    one = {"course_id": "chainrule", "assignment_id": CHAPTER}
    for student, answers in STUDENTS.items():
        hub.done(f"/user/{student}/assignments/fetch", one)
        notebook = base / student / CHAPTER / f"{CHAPTER}.ipynb"
        notebook.write_bytes((base / "answers" / answers / CHAPTER / notebook.name).read_bytes())
        hub.done(f"/user/{student}/assignments/submit", one)
    formgrader = f"/user/{TEACHER}/formgrader/api"
    hub.done(f"{formgrader}/assignment/{CHAPTER}/collect")
    hub.done(f"{formgrader}/submission/{CHAPTER}/{RIGHT}/autograde")
    graded = json.loads(
        run_as(TEACHER, home, "autograder", "grade", CHAPTER, "--json", "--no-feedback", cwd=root)
    )
    assert graded["isolation"] != "none"
    earned = {name: facts["earned"] for name, facts in graded["students"].items()}
    assert earned == {RIGHT: FULL, BLANK: 0}
    hub.done(f"{formgrader}/assignment/{CHAPTER}/generate_feedback")
    hub.done(f"{formgrader}/assignment/{CHAPTER}/release_feedback")
    for student in STUDENTS:
        hub.done(f"/user/{student}/assignments/fetch_feedback", one)
        (page,) = (base / student / CHAPTER / "feedback").rglob("*.html")
        assert f"of {FULL:g} points" in page.read_text()
