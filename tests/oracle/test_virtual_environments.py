"""Environments that mauve writes against those of uv: the same files, links and pyvenv.cfg."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from tests.support.oracle import oracle_uv

from mauve.python.probe import InterpreterReader, ProbeFailed
from mauve.python.virtualenv import EnvironmentOptions, create_environment

pytestmark = pytest.mark.oracle


def interpreters():
    """Yield every Python 3 on the search path once."""
    seen = set()
    for directory in os.get_exec_path():
        for path in sorted(Path(directory).glob("python3*")):
            if re.fullmatch(r"python3(\.\d+)?", path.name) and path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def tree(root):
    """Return every entry with its link target, or its mode."""
    return {
        str(path.relative_to(root)): os.readlink(path) if path.is_symlink() else oct(path.stat().st_mode)
        for path in root.rglob("*")
    }


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        ({}, []),
        ({"relocatable": True}, ["--relocatable"]),
        ({"system_site_packages": True, "prompt": "p q"}, ["--system-site-packages", "--prompt", "p q"]),
    ],
    ids=["plain", "relocatable", "prompt"],
)
def test_files_links_and_configuration_are_those_of_uv(tmp_path, options, arguments):
    """Other tools look for them."""
    reader = InterpreterReader(None, os.environ)
    compared = 0
    for path in interpreters():
        try:
            interpreter = reader.read(str(path))
        except ProbeFailed:
            continue  # a shim of a version that is not installed
        ours, theirs = tmp_path / f"ours-{compared}", tmp_path / f"theirs-{compared}"
        base = interpreter.environment_base()
        create_environment(str(ours), base, EnvironmentOptions(**options))
        subprocess.run([oracle_uv(), "venv", "-q", "--no-cache", "-p", base.executable, *arguments, theirs], check=True)
        assert tree(ours) == tree(theirs)
        assert (ours / "pyvenv.cfg").read_text() == (theirs / "pyvenv.cfg").read_text()
        compared += 1
    assert compared
