"""A real PostgreSQL server keeps the gradebook: the same rows as with SQLite."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from commands import SMALL, advice, grade, journal
from quickstart import CONFIG, hand_in_all, make_course, rows

pytestmark = pytest.mark.services


def binary(name):
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or str(found[-1])


def run_server(*command):
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    ordinary = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    prefix = ordinary if os.geteuid() == 0 else ()
    done = subprocess.run(
        [*prefix, *map(str, command)], cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@pytest.fixture
def server():
    """The URL of a database on a server of our own."""
    folder = Path(tempfile.mkdtemp(prefix="chainrule-postgresql-", dir="/tmp"))
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
    data, port = folder / "data", free_port()
    run_server(binary("initdb"), "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "-N")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -F"
    control = (binary("pg_ctl"), "-D", data, "-w", "-l", folder / "log")
    run_server(*control, "-o", options, "start")
    try:
        yield f"postgresql+psycopg2://grader@127.0.0.1:{port}/postgres", control
    finally:
        if (data / "postmaster.pid").exists():
            run_server(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_the_same_rows_as_with_sqlite(server, expected, tmp_path):
    """Graded, graded again without anything to do, and, once the server is gone, a clear word."""
    url, control = server
    root = make_course(tmp_path / "course", CONFIG + f'c.CourseDirectory.db_url = "{url}"\n')
    hand_in_all(root, SMALL)
    code, said = grade(root)
    assert code == 0, said
    assert not (root / "gradebook.db").exists()
    assert rows(root, url) == expected
    before = journal(root)
    code, said = grade(root)
    assert (code, "12 unchanged" in said) == (0, True), said
    run_server(*control, "-m", "fast", "stop")
    code, said = grade(root)
    assert code == 2, said
    assert "server cannot be reached" in advice(said)
    assert journal(root) == before
