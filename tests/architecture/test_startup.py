"""What each command may import: a fresh interpreter runs it and lists what was loaded."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.index_server import IndexServer
from tests.support.probing import FRONT_DOOR, make_verdicts_later, run_probed, texts_compiled
from tests.support.wheel_factory import make_wheel

NETWORK = {"httpx", "httpcore", "anyio", "asyncio", "ssl", "socket", "h11", "http.client", "urllib.request"}
EDITING = {"tomlkit"}
PARSING = {"click", "gettext", "inspect", "textwrap", "typing_extensions", "msgspec.inspect", "msgspec._json_schema"}
LEFT_OUT = {
    "click",
    "httpcore",
    "httpx._main",
    "http.client",
    "http.cookiejar",
    "urllib.request",
    "email.message",
    "json",
    "logging",
    "random",
    "signal",
    "subprocess",
    "traceback",
}
"""What httpx and anyio would load, and are not asked for."""
WAITING = {"threading", "hashlib", "pathlib", "glob"}
"""What a resolution without a network, on no terminal, does without."""
RUNNING = {"subprocess", "zipfile", "tarfile", "email", "importlib.metadata", "packaging.requirements", "dataclasses"}


OWN_PYTHON = {"UV_PYTHON": ".venv"}
"""The environment of the project, in place of the interpreter that tests name."""


NOT_NEEDED = {
    "mauve.build.failures",
    "mauve.cli.requirement_files",
    "mauve.project.globs",
    "mauve.project.group_expansion",
    "mauve.project.requirements_file",
    "mauve.python.asking",
    "mauve.resolver.errors",
    "mauve.standards.groups",
}
"""What a warm command has no use for, as long as nothing goes wrong."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without dependencies, so that nothing needs an index."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\n', encoding="utf-8"
    )
    return tmp_path


def test_the_version_is_answered_at_the_front_door(project: Path) -> None:
    """`--version` is what scripts call most, and needs nothing."""
    status, modules = run_probed(project, "--version")
    assert status == 0
    assert modules <= FRONT_DOOR


def test_help_needs_no_parser(project: Path) -> None:
    """A page is printed from data: neither click nor msgspec is loaded."""
    status, modules = run_probed(project, "--help")
    assert status == 0
    assert not modules & {"click", "msgspec", *NETWORK, *EDITING, *RUNNING}


def test_a_help_page_is_rendered_once(project: Path) -> None:
    """The page is kept with the code and the variables it depends on."""
    assert run_probed(project, "lock", "--help")[0] == 0
    status, modules = run_probed(project, "lock", "--help")
    assert status == 0
    assert modules <= FRONT_DOOR


def test_a_lock_without_a_network_loads_none(project: Path) -> None:
    """A lock that needs no server must not pay for httpx, TLS, an event loop, or the editor of pyproject.toml."""
    run_probed(project, "lock")  # asks the interpreter about itself, and the library for the default index
    (project / "uv.lock").unlink()
    for _ in ("resolved", "satisfied"):
        status, modules = run_probed(project, "lock", "-v")
        assert status == 0
        assert not modules & {*NETWORK, *EDITING, *RUNNING, *PARSING, *WAITING}


def test_nothing_is_expected_of_a_network_without_requirements(project: Path) -> None:
    """Though the interpreter has to be asked, in which time the client would be loaded."""
    status, modules = run_probed(project, "sync", "--offline")
    assert status == 0
    assert "subprocess" in modules
    assert not modules & NETWORK


@pytest.fixture
def warm_project(project: Path) -> Path:
    """A project with a dependency, which has been locked and installed, and another package that the cache knows."""
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    with IndexServer({"a": [make_wheel("a", "1.0")], "b": [make_wheel("b", "1.0")]}) as server:
        (project / "uv.toml").write_text(f'[[index]]\nurl = "{server.url}/simple/"\n', encoding="utf-8")
        (project / "pyproject.toml").write_text(f'{text}dependencies = ["a", "b"]\n', encoding="utf-8")
        run_probed(project, "sync")
    (project / "pyproject.toml").write_text(f'{text}dependencies = ["a"]\n', encoding="utf-8")
    return project


@pytest.mark.parametrize(
    ("words", "gone", "most"),
    [(("lock",), "uv.lock", 190), (("sync",), ".venv", 177), (("add", "b"), "", 247)],
)
def test_a_warm_command_loads_little_of_this_program(
    warm_project: Path, words: tuple[str, ...], gone: str, most: int
) -> None:
    """Each module costs a tenth of a millisecond, and so does each class of an error that does not happen."""
    run_probed(warm_project, "sync", "--offline")
    if gone:
        shutil.rmtree(warm_project / gone) if gone == ".venv" else (warm_project / gone).unlink()
    status, modules = run_probed(warm_project, *words, "--offline")
    assert status == 0
    ours = {name for name in modules if name.startswith("mauve.")}
    assert len(ours) <= most, len(ours)
    assert not {name for name in ours if name.endswith(("_errors", ".failures", ".reporter", ".ports"))}
    assert sorted(ours & NOT_NEEDED) == []
    assert sorted(modules & {*NETWORK, *RUNNING, "inspect", "ast", "string"}) == []


@pytest.mark.parametrize(
    ("words", "most"),
    [
        (("pip", "freeze", "-p", ".venv"), 92),
        (("pip", "list", "-p", ".venv"), 90),
        (("pip", "show", "a", "-p", ".venv"), 97),
        (("pip", "check", "-p", ".venv"), 114),
        (("pip", "tree", "-p", ".venv"), 105),
        (("python", "find"), 96),
        (("python", "pin"), 97),
    ],
)
def test_a_look_at_an_environment_loads_little(warm_project: Path, words: tuple[str, ...], most: int) -> None:
    """No event loop, no resolver, no editor: scripts ask such things often."""
    (warm_project / ".python-version").write_text(">=3.11\n", encoding="utf-8")
    run_probed(warm_project, "sync", "--offline")
    run_probed(warm_project, *words)
    status, modules = run_probed(warm_project, *words)
    assert status == 0
    ours = {name for name in modules if name.startswith("mauve.")}
    assert len(ours) <= most, len(ours)
    assert not {name for name in ours if name.startswith(("mauve.resolver", "mauve.network", "mauve.index"))}
    assert sorted(modules & {*NETWORK, *EDITING, *RUNNING, "inspect", "ast", "json", "re"}) == []


def test_what_is_installed_already_is_found_without_network_solver_and_plan(warm_project: Path) -> None:
    """`pip install` of what is there reads names of folders, and the metadata of what is asked for."""
    run_probed(warm_project, "sync", "--offline")
    status, modules = run_probed(warm_project, "pip", "install", "a", variables=OWN_PYTHON)
    assert status == 0
    ours = {name for name in modules if name.startswith("mauve.")}
    assert len(ours) <= 128, len(ours)
    assert sorted(modules & {*NETWORK, *EDITING, *RUNNING, *PARSING, *WAITING}) == []
    late = ("mauve.solver", "mauve.network", "mauve.index", "mauve.lock", "mauve.operations.install.", "mauve.build")
    assert not {name for name in ours if f"{name}.".startswith(late)}


def test_a_package_of_the_cache_is_installed_without_network(warm_project: Path) -> None:
    """What the cache has is resolved and linked with what that takes, and no more."""
    run_probed(warm_project, "sync", "--offline")
    run_probed(warm_project, "pip", "install", "b", variables=OWN_PYTHON)
    run_probed(warm_project, "pip", "uninstall", "b", variables=OWN_PYTHON)
    status, modules = run_probed(warm_project, "pip", "install", "b", "--offline", variables=OWN_PYTHON)
    assert status == 0
    ours = {name for name in modules if name.startswith("mauve.")}
    assert len(ours) <= 220, len(ours)
    assert sorted(modules & {*NETWORK, *EDITING, *RUNNING}) == []


def test_nothing_is_compiled_when_the_cache_is_warm(project: Path) -> None:
    """Annotations by which structs are decoded are no texts: the first one compiled loads the trees of syntax."""
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    (project / "pyproject.toml").write_text(f'{text}dependencies = ["a"]\n', encoding="utf-8")
    with IndexServer({"a": [make_wheel("a", "1.0")]}) as server:
        (project / "uv.toml").write_text(f'[[index]]\nurl = "{server.url}/simple/"\n', encoding="utf-8")
        run_probed(project, "sync")
    shutil.rmtree(project / ".venv")
    for words in (("lock", "--upgrade"), ("sync",), ("remove", "a")):
        assert texts_compiled(project, *words, "--offline") == [], words


def test_a_lock_from_an_index_loads_a_lean_client(project: Path) -> None:
    """Of httpx what requests need: no command line, no cookies, no client of the standard library, no own pool."""
    run_probed(project, "lock")
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    (project / "pyproject.toml").write_text(f'{text}dependencies = ["a"]\n', encoding="utf-8")
    with IndexServer({"a": [make_wheel("a", "1.0")]}) as server:
        status, modules = run_probed(project, "lock", variables={"UV_DEFAULT_INDEX": f"{server.url}/simple/"})
    assert status == 0
    assert "httpx" in modules
    assert not modules & {*EDITING, *LEFT_OUT}


def test_encryption_is_loaded_for_servers_that_use_it(project: Path, tmp_path: Path) -> None:
    """A lock from an index that is asked plainly does without `ssl`; one from an index with TLS works all the same."""
    run_probed(project, "lock")
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    (project / "pyproject.toml").write_text(f'{text}dependencies = ["a"]\n', encoding="utf-8")
    wheels = {"a": [make_wheel("a", "1.0")]}
    with IndexServer(wheels) as server:
        status, modules = run_probed(project, "lock", variables={"UV_DEFAULT_INDEX": f"{server.url}/simple/"})
    assert status == 0
    assert not modules & {"ssl", "asyncio.sslproto"}
    assert "inspect" not in modules or sys.version_info < (3, 13)
    authority = Authority(tmp_path)
    with IndexServer(wheels, certificate=authority.issue()) as server:
        variables = {"UV_DEFAULT_INDEX": f"{server.url}/simple/", "SSL_CERT_FILE": authority.file}
        status, modules = run_probed(project, "sync", variables=variables)
    assert status == 0
    assert {"ssl", "asyncio.sslproto"} <= modules


def test_an_environment_is_made_again_at_the_front_door(project: Path) -> None:
    """From its plan."""
    run_probed(project, "venv", "--clear")
    make_verdicts_later(project)
    status, modules = run_probed(project, "venv", "--clear")
    assert status == 0
    assert not {name for name in modules - FRONT_DOOR if not name.startswith(("mauve.fastpath", "mauve.filesystem"))}


def test_a_sync_without_changes_loads_no_network(project: Path) -> None:
    """The environment is compared by names of folders; nothing is opened or started for that."""
    run_probed(project, "sync")
    status, modules = run_probed(project, "sync", "-v")
    assert status == 0
    assert not modules & {*NETWORK, *EDITING, *RUNNING, *PARSING}


@pytest.mark.parametrize(
    "words", [("export",), ("export", "--format", "pylock.toml"), ("tree",), ("export", "--frozen")]
)
def test_a_fresh_lock_is_shown_without_network_and_solver(project: Path, words: tuple[str, ...]) -> None:
    """What others make of a lock needs the lock alone."""
    run_probed(project, "lock")
    status, modules = run_probed(project, *words)
    assert status == 0
    assert not modules & {*NETWORK, *EDITING, *RUNNING}
    assert not {name for name in modules if name.startswith(("mauve.solver", "mauve.network.client"))}


@pytest.mark.parametrize("word", ["lock", "sync", "export", "tree"])
def test_a_second_run_without_changes_is_answered_by_a_verdict(project: Path, word: str) -> None:
    """Nothing to do costs a bare interpreter and a list of files to look at."""
    run_probed(project, "sync")
    run_probed(project, word)
    make_verdicts_later(project)
    status, modules = run_probed(project, word)
    assert status == 0
    assert modules <= FRONT_DOOR
