"""Sources of every kind, one command after the other: uv and mauve lock, install and say the same."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, TypeAlias

import pytest
from tests.support.command_line import CommandLine
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.repository import Repository
from tests.support.tree_backend import write_tree
from tests.support.wheel_factory import make_sdist, make_wheel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.oracle

BACKEND = '[build-system]\nrequires = ["uv_build>=0.13,<0.14"]\nbuild-backend = "uv_build"\n'
MOMENT = "2024-01-01T00:00:00Z"
RACES = re.compile(r" +(Building|Built|Updating|Updated) ")

Case: TypeAlias = "Callable[[Place], Iterator[str | Callable[[], object]]]"


class Place:
    """Where a case happens: the same for both programs, so that what they say can be compared.

    Attributes:
        root: holds everything but caches.
        project: where commands run.
    """

    def __init__(self, tool: CommandLine, server: IndexServer) -> None:
        """Use the folder of *tool*."""
        self.tool = tool
        self.server = server
        self.root = tool.project.parent
        self.project = tool.project

    def package(self, path: str, name: str, *dependencies: str, rest: str = "", version: str = "1.0") -> None:
        """Write a package that `uv_build` builds, below the root."""
        folder = self.root / path
        module = folder / "src" / name
        module.mkdir(parents=True, exist_ok=True)
        (module / "__init__.py").touch()
        (folder / "pyproject.toml").write_text(
            f'[project]\nname = "{name}"\nversion = "{version}"\nrequires-python = ">=3.11"\n'
            f"dependencies = {list(dependencies)}\n{rest}\n{BACKEND}"
        )

    def repository(self, path: str) -> Repository:
        """Commit what is below *path*, at a moment that does not change."""
        folder = self.root / path
        kept = folder.with_name(f"{folder.name}-kept")
        folder.rename(kept)
        repository = Repository(folder)
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        shutil.rmtree(kept)
        repository.variables |= {
            "GIT_AUTHOR_DATE": MOMENT,
            "GIT_COMMITTER_DATE": MOMENT,
            "GIT_ALLOW_PROTOCOL": "file",
        }
        repository.commit({})
        return repository

    def sources(self, *entries: str, names: tuple[str, ...] = ("g",), rest: str = "") -> None:
        """Write the project `p`, which requires *names* with *entries* in the table of sources."""
        self.tool.write_project(*names, rest=f"{rest}[tool.uv.sources]\n" + "\n".join(entries) + "\n")


def references(place: Place) -> Iterator[str | Callable[[], object]]:
    """Every kind of reference; branches move on an upgrade."""
    place.package("r", "g", "a")
    repository = place.repository("r")
    repository.git("tag", "-a", "v1", "-m", "First")
    repository.git("branch", "dev")
    repository.git("update-ref", "refs/pull/1/head", "HEAD")
    url, commit = repository.url, repository.git("rev-parse", "HEAD")
    for reference in ('tag = "v1"', f'rev = "{commit}"', f'rev = "{commit[:8]}"', 'rev = "refs/pull/1/head"'):
        place.sources(f'g = {{ git = "{url}", {reference} }}')
        yield "sync"
        yield "lock --check"
    place.sources(f'g = {{ git = "{url}", branch = "dev" }}')
    yield "sync"
    repository.git("checkout", "--quiet", "dev")
    yield lambda: repository.commit({"README": "second"})
    yield "sync --offline"
    yield "lock --upgrade-package g"
    yield "sync --frozen"
    yield "sync --frozen --offline --reinstall"
    for reference in ('tag = "no"', 'branch = "no"', 'rev = "no"', 'rev = "abcdef1"'):
        place.sources(f'g = {{ git = "{url}", {reference} }}')
        yield "lock"


def parts_of_repositories(place: Place) -> Iterator[str | Callable[[], object]]:
    """A folder, a member of a workspace with another one, a submodule, and trees beside."""
    place.package("s", "s")
    place.repository("s")
    member = 'dependencies = []\n[tool.uv.workspace]\nmembers = ["m/*"]\n'
    place.package("r", "root", rest=member.partition("\n")[2])
    declared = ("h = { workspace = true }", 'k = { path = "../../k" }', 's = { path = "../../vendor/s" }')
    place.package("r/m/g", "g", "h", "k", "s", rest="\n".join(("[tool.uv.sources]", *declared, "")))
    place.package("r/m/h", "h", "a")
    place.package("r/k", "k")
    repository = place.repository("r")
    repository.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", (place.root / "s").as_uri(), "vendor/s"
    )
    repository.commit({})
    place.sources(f'g = {{ git = "{repository.url}", subdirectory = "m/g" }}')
    yield "sync"
    yield "lock --check"
    place.tool.write_project(f"h @ git+{repository.url}@main#subdirectory=m/h")
    yield "sync"
    place.sources(f'g = {{ git = "{repository.url}", subdirectory = "no" }}')
    yield "lock"


def two_references_to_one_commit(place: Place) -> Iterator[str | Callable[[], object]]:
    """They mean the same; only different commits contradict each other."""
    place.package("r", "g", "a")
    repository = place.repository("r")
    repository.git("branch", "dev")
    url = repository.url
    place.package("q", "q", "g", rest=f'[tool.uv.sources]\ng = {{ git = "{url}", branch = "dev" }}\n')
    place.sources('q = { path = "../q" }', f'g = {{ git = "{url}", branch = "main" }}', names=("g", "q"))
    yield "sync"
    linux = "marker = \"sys_platform == 'linux'\""
    other = linux.replace("==", "!=")
    place.sources(f'g = [{{ git = "{url}", branch = "dev", {linux} }}, {{ git = "{url}", branch = "main", {other} }}]')
    yield "lock"
    yield lambda: repository.commit({"README": "second"})
    yield "lock --upgrade"
    place.sources('q = { path = "../q" }', f'g = {{ git = "{url}", branch = "main" }}', names=("g", "q"))
    yield "lock"


def archives(place: Place) -> Iterator[str | Callable[[], object]]:
    """Wheels and source distributions at URLs and paths, typed and declared, with names that do not fit."""
    wheel, sdist = make_wheel("w", "1.0", requires=["a"]), make_sdist("s", "1.0", files=_tree("s"))
    for file in (wheel, sdist):
        (place.root / file.filename).write_bytes(file.content)
    place.server.publish("w", wheel)
    place.server.publish("s", sdist)
    urls = [place.server.file_url(file.filename) for file in (wheel, sdist)]
    place.sources(
        f'w = {{ path = "../{wheel.filename}" }}', f's = {{ path = "../{sdist.filename}" }}', names=("w", "s")
    )
    yield "sync"
    yield "sync --reinstall"
    place.sources(f'w = {{ url = "{urls[0]}" }}', f's = {{ url = "{urls[1]}" }}', names=("w", "s"))
    yield "sync"
    yield "lock --check"
    yield "sync --reinstall --offline"
    place.tool.write_project(f"w @ {urls[0]}", f"s @ {urls[1]} ; sys_platform == 'linux'")
    yield "lock"
    place.tool.write_project(f"other @ {urls[0]}")
    yield "lock"
    for entry in (
        '{ path = "no" }',
        '{ path = "no-1.0.tar.gz" }',
        '{ url = "ftp://host/g-1.tar.gz" }',
        '{ url = "no" }',
    ):
        place.sources(f"g = {entry}")
        yield "lock"


def trees(place: Place) -> Iterator[str | Callable[[], object]]:
    """Folders: copied, in place, and not built at all; what an extra or a group wants of them."""
    place.package("t", "t", "a")
    place.package("v", "v", "b", rest="[tool.uv]\npackage = false\n")
    for entry in ("", ", editable = true", ", editable = false", ", package = false"):
        place.sources(f't = {{ path = "../t"{entry} }}', names=("t",))
        yield "sync"
    place.sources('t = { path = "../t" }', 'v = { path = "../v" }', names=("t", "v"))
    yield "sync --dry-run"
    yield "sync"
    tables = '[project.optional-dependencies]\nx = ["t"]\n[dependency-groups]\ng = ["t"]\n'
    conflict = '[tool.uv]\nconflicts = [[{ extra = "x" }, { group = "g" }]]\n'
    entries = '[{ path = "../t", extra = "x" }, { path = "../t", editable = true, group = "g" }]'
    place.sources(f"t = {entries}", names=(), rest=tables + conflict)
    yield "lock"
    yield "sync --extra x"
    yield "sync --group g"
    place.sources('t = { path = "../t", extra = "no" }', names=(), rest=tables + conflict)
    yield "lock"


def digests_of_builds(place: Place) -> Iterator[str | Callable[[], object]]:
    """What builds need is compared with the digests that constraints name, and may be required to have one."""
    one = f"sha256:{make_wheel('a', '1.0').sha256}"
    wrong = f"sha256:{0:064}"
    url = place.server.file_url("a-1.0-py3-none-any.whl")
    write_tree(place.root / "t", "t", requires=("a",))
    entries: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("a==1.0", (one,)),
        ("a==1.0", (wrong,)),
        ("a==1.0", (wrong, one)),
        ("a==1.0", (one.upper().replace("SHA", "sha"),)),
        ("a==1.0 ; sys_platform == 'win32'", (one,)),
        ("a<2", (one,)),
        ("a==1.0", ()),
        ("a==1.0", ("sha256:00",)),
        ("a==1.0", ("word",)),
        ("a==1.0", (f"sha1:{0:040}",)),
    )
    for requirement, digests in entries:
        entry = f'{{ requirement = "{requirement}", hashes = {list(digests)} }}'
        constraints = f"[tool.uv]\nbuild-constraint-dependencies = [{entry}]\n"
        place.sources('t = { path = "../t" }', names=("t",), rest=constraints)
        yield "lock"
        yield "lock --check"
        yield "sync --reinstall"
        yield "sync --reinstall --require-build-hashes"
    for entry in ("1", '{ requirement = "a" }', '{ requirement = "a", hashes = "x" }', '{ requirement = "a=1" }'):
        constraints = f"[tool.uv]\nbuild-constraint-dependencies = [{entry}]\n"
        place.sources('t = { path = "../t" }', names=("t",), rest=constraints)
        yield "lock"
    place.sources('t = { path = "../t" }', names=("t",), rest="[tool.uv]\nrequire-build-hashes = true\n")
    for requirement in (f"a @ {url}#{one.replace(':', '=')}", f"a @ {url}"):
        write_tree(place.root / "t", "t", requires=(requirement,))
        yield "sync --reinstall"


def computed_metadata(place: Place) -> Iterator[str | Callable[[], object]]:
    """Versions and requirements that only a build tells: of folders and of commits, under bounds of builds."""
    names = ("t", "g")
    for name in names:
        write_tree(place.root / name, name, version="", requires=("a",), built_requires=("b",))
        path = place.root / name / "pyproject.toml"
        path.write_text(path.read_text().replace('["version"]', '["version", "dependencies"]'))
    repository = place.repository("g")
    entries = ('t = { path = "../t" }', f'g = {{ git = "{repository.url}" }}')
    place.sources(*entries, names=names)
    yield "lock"
    yield "lock --check"
    for bound in ("a<2", "a<1"):
        place.sources(*entries, names=names, rest=f'[tool.uv]\nbuild-constraint-dependencies = ["{bound}"]\n')
        yield "lock"
        yield "lock --refresh-package t"
    yield "lock"
    yield "sync --locked"
    place.sources(*entries, names=names)
    yield "lock"
    place.sources(*entries, 'b = { path = "../t", extra = "x" }', names=names)
    yield "lock"
    yield "sync --locked"
    yield "sync --frozen --dry-run"


def cache_keys(place: Place) -> Iterator[str | Callable[[], object]]:
    """A folder is built again when what it names as keys has changed, and only then."""
    keys = ('{ file = "**/*.txt" }', '{ dir = "data" }', "{ git = { commit = true } }", "{ git = { tags = true } }", "")
    for number, key in enumerate(keys):
        name = f"t{number}"
        folder = place.root / name
        write_tree(folder, name, rest=f"[tool.uv]\ncache-keys = [{key}]\n")
        repository = place.repository(name)
        place.sources(f'{name} = {{ path = "../{name}" }}', names=(name,))
        yield "sync"
        changes: tuple[Callable[[], object], ...] = (
            lambda folder=folder: (folder / "x.txt").write_text("1"),
            lambda folder=folder: (folder / "x.txt").write_text("2"),
            lambda folder=folder: (folder / "data").mkdir(),
            lambda folder=folder: (folder / "data" / "x").touch(),
            lambda repository=repository: repository.commit({}),
            lambda repository=repository: repository.git("tag", "v1"),
            lambda repository=repository: repository.git("pack-refs", "--all"),
        )
        for change in changes:
            yield change
            yield "sync"
        yield "sync --check"
        yield "run python -c 1"


def members_of_workspaces(place: Place) -> Iterator[str | Callable[[], object]]:
    """Which folders belong to a workspace, found from where; and members that nobody knows."""
    table = "[tool.uv.workspace]\n"
    for name in ("m", "n"):
        place.package(f"p/a/{name}", name)
    place.package("p/a/m/inner", "inner")
    place.package("out/o", "o")
    hidden = place.project / "a" / "nothing"
    hidden.mkdir()
    (hidden / "README").touch()
    for keys in (
        'members = ["a/*"]',
        'members = ["a/*"]\nexclude = ["a/nothing"]',
        'members = ["a/*"]\nexclude = ["a/n*"]',
        'members = ["a/m", "a/m*", "./a/m/"]',
        'members = ["a/**"]\nexclude = ["a/nothing"]',
        'members = ["../out/*"]',
        'members = ["no/*"]',
        'members = ["no"]',
        'members = ["a/[m"]',
    ):
        place.tool.write_project(rest=f"{table}{keys}\n")
        for folder in ("a/m/inner", "a/n", "../out/o"):
            yield f"workspace list --preview --directory {folder}"
        yield "lock"
    place.tool.write_project("m", rest=f'{table}members = ["a/m", "a/n"]\n')
    yield "lock"
    place.tool.write_project("m", rest=f'{table}members = ["a/m"]\n[tool.uv.sources]\nm = {{ workspace = true }}\n')
    yield "lock"
    for words in ("", "--frozen ", "--package m "):
        yield f"sync {words}--package no"
    yield "run --package no python -c 1"
    yield "run --no-sync --package no python -c 1"
    place.package("p/a/m", "p")
    yield "lock"
    place.package("p/a/m", "m", rest=f'{table}members = ["inner"]\n')
    yield "lock"
    yield "workspace list --preview --directory a/m/inner"
    (place.project / "pyproject.toml").write_text(f'{table}members = ["a/n"]\n')
    for words in ("lock", "sync", "sync --package n", "tree --frozen"):
        yield words


def _tree(name: str) -> dict[str, str]:
    project = f'[project]\nname = "{name}"\nversion = "1.0"\n{BACKEND}'
    return {"pyproject.toml": project, f"src/{name}/__init__.py": ""}


CASES: tuple[Case, ...] = (
    references,
    parts_of_repositories,
    two_references_to_one_commit,
    archives,
    trees,
    digests_of_builds,
    computed_metadata,
    cache_keys,
    members_of_workspaces,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_every_step_is_that_of_uv(case: Case, tmp_path: Path) -> None:
    """Exit codes, messages, lockfiles, and what is installed from where."""
    packages = {name: [make_wheel(name, version) for version in ("1.0", "2.0")] for name in ("a", "b")}
    with IndexServer(packages) as server:
        expected = steps(case, tmp_path, server, (oracle_uv(),))
        found = steps(case, tmp_path, server, CommandLine.program)
    for theirs, ours in zip(expected, found, strict=True):
        assert ours == theirs


def steps(case: Case, folder: Path, server: IndexServer, program: tuple[str, ...]) -> list[tuple[object, ...]]:
    """Return what came of every command of *case*, done by *program* with an empty cache."""
    root = folder / "place"
    tool = CommandLine(root, server, project="p")
    cache = folder / f"cache-{len(program)}"
    allowed = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.file.allow", "GIT_CONFIG_VALUE_0": "always"}
    variables = {**tool.variables, **allowed, "UV_CACHE_DIR": str(cache)}
    found: list[tuple[object, ...]] = []
    for step in case(Place(tool, server)):
        if not isinstance(step, str):
            step()
            continue
        done = subprocess.run(
            [*program, *step.split()], cwd=tool.project, env=variables, check=False, capture_output=True, text=True
        )
        lockfile = tool.project / "uv.lock"
        lock = lockfile.read_text() if lockfile.exists() else ""
        found.append((step, done.returncode, _said(done.stderr, cache), lock, _installed(tool.project)))
    shutil.rmtree(root)
    return found


def _said(text: str, cache: Path) -> list[str]:
    """Return the lines of *text* without what differs from run to run."""
    text = re.sub(rf"{re.escape(str(cache))}/\S*?/(db|checkouts)/\w+", r"CACHE/\1", text)
    text = re.sub(r"\b[\d.]+(ms|s)\b", "TIME", text)
    lines = text.splitlines()
    racing = [line for line in lines if RACES.match(line)]
    return [line for line in lines if not RACES.match(line)] + sorted(racing)


def _installed(project: Path) -> dict[str, str]:
    origins = {path.stem: path / "direct_url.json" for path in (project / ".venv").rglob("*.dist-info")}
    return {name: path.read_text() if path.exists() else "" for name, path in sorted(origins.items())}
