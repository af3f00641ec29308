"""Distributions that are named by folders, files, URLs and repositories."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.project import write_project
from tests.support.repository import Repository
from tests.support.wheel_factory import make_sdist, make_wheel

from mauve.build.failures import BuildFailed
from mauve.cache.layout import Cache
from mauve.distributions.sources import (
    DirectorySource,
    EditableSource,
    FromDirectory,
    FromGit,
    FromPath,
    FromUrl,
    GitSource,
    UrlSource,
)
from mauve.git.repository import Repositories
from mauve.installer.states import LocalStates
from mauve.metadata.archives import ArchiveReader, MissingDistribution, UnreachableArchive
from mauve.metadata.direct import DirectReader
from mauve.metadata.kept import KeptRecords
from mauve.metadata.trees import TreeReader
from mauve.network.settings import NetworkSettings
from mauve.network.statistics import Statistics
from mauve.network.thread import NetworkThread
from mauve.project.lowering import SourcePolicy
from mauve.standards.metadata import CoreMetadata
from mauve.standards.names import package_name
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mauve.build.source_tree import SourceTree
    from mauve.distributions.files import Wheel

A = package_name("a")


class Backend:
    """Answers for every source with one requirement; counts what it built."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.kept: list[tuple[str, str | None]] = []

    def tree_metadata(self, tree: SourceTree) -> CoreMetadata:
        """Build a tree."""
        self.built.append(tree.root)
        return self._metadata()

    def archive_metadata(self, archive: str, tree: SourceTree, subdirectory: str | None) -> CoreMetadata:
        """Build an archive."""
        self.built.append(f"{archive} {subdirectory}")
        return self._metadata()

    def keep(self, wheel: Wheel, content: bytes, sha256: str, path: str | None) -> None:
        """Remember the wheel."""
        assert hashlib.sha256(content).hexdigest() == sha256
        self.kept.append((wheel.file.filename, path))

    def _metadata(self) -> CoreMetadata:
        version = parse_version("1.0")
        return CoreMetadata(metadata_version="2.1", name=A, version=version, requires_dist=("built",))


@contextmanager
def reader(
    root: Path, backend: Backend | None = None, variables: dict[str, str] | None = None
) -> Iterator[DirectReader]:
    """Read as a new process would, with the cache in *root*."""
    backend = backend or Backend()
    cache = Cache(root / "cache")
    network = NetworkThread(NetworkSettings(retries=0), Statistics())
    archives = ArchiveReader(
        cache=cache,
        network=network,
        builder=backend,
        state=LocalStates({}).state,
        must_refresh=lambda _name: False,
        keeper=backend,
        kept=KeptRecords(cache),
    )
    repositories = Repositories(str(root / "git"), variables=variables or {}, reporter=_Silent())
    try:
        yield DirectReader(TreeReader(backend, policy=SourcePolicy()), archives, repositories)
    finally:
        network.close()


class _Silent:
    def updating(self, display: str) -> None:
        """Ignore it."""

    def updated(self, display: str) -> None:
        """Ignore it."""


def required(distribution) -> dict[str, object]:
    """Return the sources of what is required, by name."""
    return {str(each.name): each.source for each in distribution.metadata.requires_dist}


def test_a_tree_brings_its_own_sources(tmp_path: Path) -> None:
    """`[tool.uv.sources]` of a dependency count, with paths relative to it."""
    sources = '\n[tool.uv.sources]\nb = { path = "../b", editable = true }\n'
    write_project(tmp_path / "a", f'dependencies = ["b", "c"]\n{sources}', name="a")
    write_project(tmp_path / "b", name="b")
    path = str(tmp_path / "a")
    with reader(tmp_path) as direct:
        found = direct.read(A, FromDirectory(path, "a"))
    assert found.source == DirectorySource(path)
    b = required(found)["b"]
    assert isinstance(b, FromDirectory)
    assert (b.path, b.editable) == (str(tmp_path / "b"), True)


def test_a_static_tree_is_not_built(tmp_path: Path) -> None:
    """Only what pyproject.toml leaves open is asked of the backend."""
    write_project(tmp_path / "a", name="a")
    backend = Backend()
    with reader(tmp_path, backend) as direct:
        direct.read(A, FromDirectory(str(tmp_path / "a"), "a"))
        assert backend.built == []
        write_project(tmp_path / "a", 'dynamic = ["dependencies"]\n', name="a")
        assert list(required(direct.read(A, FromDirectory(str(tmp_path / "a"), "a")))) == ["built"]


def test_an_editable_tree_given_absolutely_stays_both(tmp_path: Path) -> None:
    """The lockfile keeps the spelling of the user."""
    write_project(tmp_path / "a", name="a")
    path = str(tmp_path / "a")
    with reader(tmp_path) as direct:
        found = direct.read(A, FromDirectory(path, path, editable=True))
    assert found.source == EditableSource(path, True)


def test_a_tree_of_another_name_is_refused(tmp_path: Path) -> None:
    """What is required as one package must not turn out to be another."""
    write_project(tmp_path / "a", name="other")
    with reader(tmp_path) as direct, pytest.raises(BuildFailed) as failure:
        direct.read(A, FromDirectory(str(tmp_path / "a"), "a"))
    assert str(failure.value.__cause__) == "Package metadata name `other` does not match given name `a`"


@pytest.mark.parametrize("name", ["gone", "gone-1.0-py3-none-any.whl", "gone-1.0.tar.gz"])
def test_what_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    """Folders and files alike."""
    path = str(tmp_path / name)
    source = FromDirectory(path, name) if name == "gone" else FromPath(path, name)
    with reader(tmp_path) as direct, pytest.raises(MissingDistribution) as failure:
        direct.read(A, source)
    assert str(failure.value) == f"Distribution not found at: file://{path}"


def test_a_local_wheel_has_its_digest_and_is_read_again_when_it_changes(tmp_path: Path) -> None:
    """The record in the cache is that of the file as it was."""
    path = tmp_path / "a-1.0-py3-none-any.whl"
    for requires in (["b"], ["c"]):
        wheel = make_wheel("a", "1.0", requires=requires)
        path.unlink(missing_ok=True)
        path.write_bytes(wheel.content)
        backend = Backend()
        with reader(tmp_path, backend) as direct:
            found = direct.read(A, FromPath(str(path), path.name))
        assert list(required(found)) == requires
        assert backend.kept == [(path.name, str(path))]
        assert [str(digest) for digest in found.hashes] == [f"sha256:{wheel.sha256}"]
        assert found.wheel is not None


def test_an_archive_is_built_once(tmp_path: Path) -> None:
    """Metadata that had to be built is kept as long as the file stays the same."""
    path = tmp_path / "a-1.0.tar.gz"
    path.write_bytes(make_sdist("a", "1.0", metadata_version="2.1").content)
    backend = Backend()
    for _ in range(2):
        with reader(tmp_path, backend) as direct:
            assert list(required(direct.read(A, FromPath(str(path), path.name)))) == ["built"]
    assert backend.built == [f"{path} None"]


def test_a_url_is_downloaded_once(tmp_path: Path) -> None:
    """The second run needs no server; the copy serves the installation."""
    wheel = make_wheel("a", "1.0", requires=["b"])
    with IndexServer({"a": [wheel]}) as server:
        url = server.file_url(wheel.filename)
        with reader(tmp_path) as direct:
            found = direct.read(A, FromUrl(url))
        assert found.source == UrlSource(url)
    with reader(tmp_path) as direct:
        assert direct.read(A, FromUrl(url)) == found
        with open(direct.archives.download(url, "a"), "rb") as file:
            assert file.read() == wheel.content


def test_a_wheel_whose_metadata_is_kept_is_not_downloaded_for_the_digest_in_its_url(tmp_path: Path) -> None:
    """It is compared when it is installed, and may be gone from the cache by then."""
    wheel = make_wheel("a", "1.0")
    with IndexServer({"a": [wheel]}) as server:
        url = server.file_url(wheel.filename)
        source = FromUrl(url, verbatim=f"{url}#sha256={'0' * 64}")
        with reader(tmp_path) as direct:
            found = direct.read(A, source)
            os.unlink(direct.archives.place(url))
            assert direct.read(A, source) == found
    assert server.paths() == [f"/files/{wheel.filename}"]


def test_a_url_that_does_not_answer_is_an_error_of_the_system(tmp_path: Path) -> None:
    """The exit code tells unreachable servers apart from bad files."""
    with reader(tmp_path) as direct, pytest.raises(UnreachableArchive) as failure:
        direct.read(A, FromUrl("http://127.0.0.1:9/a-1.0-py3-none-any.whl"))
    assert str(failure.value) == "Failed to download `a @ http://127.0.0.1:9/a-1.0-py3-none-any.whl`"


def test_trees_beside_a_tree_in_a_repository_come_from_there(tmp_path: Path) -> None:
    """A path in a repository means nothing on another machine; the repository and its commit do."""
    repository = Repository(tmp_path / "repository")
    commit = repository.commit(
        {
            "a/pyproject.toml": '[project]\nname = "a"\nversion = "1"\ndependencies = ["b"]\n'
            '[tool.uv.sources]\nb = { path = "../b", editable = true }\n',
            "b/pyproject.toml": '[project]\nname = "b"\nversion = "1"\n',
        }
    )
    with reader(tmp_path, variables=repository.variables) as direct:
        found = direct.read(A, FromGit(url=repository.url, subdirectory="a"))
        assert found.source == GitSource(url=repository.url, commit=commit, subdirectory="a")
        assert required(found)["b"] == FromGit(url=repository.url, commit=commit, subdirectory="b")
        with pytest.raises(BuildFailed) as failure:
            direct.read(A, FromGit(url=repository.url, subdirectory="nope"))
    assert str(failure.value.__cause__).endswith("has no subdirectory `nope`")
