"""`pip install` and `pip sync` of `pylock.toml` files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer

A, B = make_wheel("a", "2.0", requires=["b"]), make_wheel("b", "2.0")


def locked(pip: CommandLine, *packages: str, head: str = "") -> str:
    """Write a lockfile; return its name."""
    text = f'lock-version = "1.0"\ncreated-by = "x"\n{head}\n' + "".join(f"[[packages]]\n{each}\n" for each in packages)
    (pip.project / "pylock.toml").write_text(text, encoding="utf-8")
    return "pylock.toml"


def wheel(server: IndexServer, name: str, digest: str) -> str:
    """Return the package whose wheel *server* has."""
    url = server.file_url(f"{name}-2.0-py3-none-any.whl")
    return f'name = "{name}"\nversion = "2.0"\nwheels = [{{ url = "{url}", hashes = {{ sha256 = "{digest}" }} }}]\n'


def test_what_is_locked_is_installed_without_being_resolved(pip: CommandLine, server: IndexServer) -> None:
    """No page is asked for; what a package requires is not looked at."""
    ran = pip.run("pip", "install", "-r", locked(pip, wheel(server, "a", A.sha256)))
    assert ran.status == 0, ran.err
    assert "The `--pylock` option is experimental" in ran.err
    assert "Resolved" not in ran.err
    assert pip.installed() == ["a-2.0"]
    assert not [path for path in server.paths() if path.startswith("/simple")]
    assert pip.run("pip", "sync", locked(pip, wheel(server, "b", B.sha256)), "--preview").status == 0
    assert pip.installed() == ["b-2.0"]


def test_markers_extras_and_groups_select(pip: CommandLine, server: IndexServer) -> None:
    """As the standard has it: `in extras`, `in dependency_groups`."""
    name = locked(
        pip,
        wheel(server, "a", A.sha256) + "marker = \"'x' in extras\"",
        wheel(server, "b", B.sha256) + "marker = \"'g' in dependency_groups\"",
        head='extras = ["x"]\ndependency-groups = ["g"]\ndefault-groups = ["g"]',
    )
    assert pip.run("pip", "sync", name).status == 0
    assert pip.installed() == ["b-2.0"]
    assert pip.run("pip", "sync", name, "--extra", "x").status == 0
    assert pip.installed() == ["a-2.0", "b-2.0"]


def test_a_wheel_with_another_digest_is_not_installed(pip: CommandLine, server: IndexServer) -> None:
    """Both sides are shown."""
    ran = pip.run("pip", "install", "-r", locked(pip, wheel(server, "b", "0" * 64)))
    assert ran.status == 1
    assert f"sha256:{B.sha256}" in ran.err
    assert pip.installed() == []


@pytest.mark.parametrize(
    ("package", "head", "message"),
    [
        ('name = "a"', "", "Package `a` must include one of: `wheels`, `directory`, `archive`, `sdist`, or `vcs`"),
        (
            'name = "a"\ndirectory = { path = "." }\nrequires-python = ">=99"',
            "",
            "Package `a` requires Python >=99, but the target Python version is",
        ),
        ('name = "a"\ndirectory = { path = "." }', 'requires-python = ">=99"', "The requested interpreter resolved to"),
        (
            'name = "a"\ndirectory = { path = "." }\narchive = { path = "x.whl", hashes = {} }',
            "",
            "Package `a` includes both a directory (`packages.directory`) and an archive source (`packages.archive`)",
        ),
        ('name = "a"\nwheels = [{ url = "x" }]', "", "Not a valid `pylock.toml` file: pylock.toml"),
        (
            'name = "a"\nwheels = [{ url = "data:x", hashes = {} }]',
            "",
            "Invalid artifact URL: data:x",
        ),
        (
            'name = "a"\nwheels = [{ url = "http://x.invalid/a-1-py3-none-any.whl", hashes = {} }]',
            "",
            "Package `a` can't be installed because it is marked as `--no-binary` but has no source distribution",
        ),
    ],
)
def test_files_that_cannot_be_installed_are_refused(pip: CommandLine, package: str, head: str, message: str) -> None:
    """Before anything is changed."""
    ran = pip.run("pip", "install", "--preview", "--no-binary", ":all:", "-r", locked(pip, package, head=head))
    assert ran.status == 2
    assert ran.err.startswith(f"error: {message}")


def test_a_lockfile_is_all_that_is_asked_for(pip: CommandLine) -> None:
    """It cannot be mixed with other wishes."""
    name = locked(pip)
    for words in (("a",), ("-r", name), ("-c", "c.txt"), ("-e", ".")):
        ran = pip.run("pip", "install", "-r", name, *words)
        assert ran.status == 2
        assert "pylock.toml` file" in ran.err
