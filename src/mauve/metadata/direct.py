"""Distributions that are named by a URL, a repository, a path or a folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import structs

from mauve.build.failures import BuildFailed
from mauve.build.source_tree import SourceTree
from mauve.distributions.sources import FromDirectory, FromGit, FromPath, FromUrl, GitSource
from mauve.errors import ExitStatus, MauveError
from mauve.filesystem.file_urls import file_url
from mauve.git.repository import LfsUnavailable
from mauve.metadata.archives import MissingDistribution, archive_name, parse_wheel_name
from mauve.metadata.declared_names import declared_name
from mauve.project.lowering import Checkout
from mauve.resolver.direct import direct_text, tree_source
from mauve.resolver.source import DirectDistribution

if TYPE_CHECKING:
    from mauve.git.repository import Repositories
    from mauve.metadata.archives import ArchiveReader
    from mauve.metadata.trees import TreeReader
    from mauve.resolver.source import DirectSource, DistributionMetadata
    from mauve.standards.names import PackageName


class MissingSubdirectory(MauveError):
    """A repository or an archive does not have the folder that was asked for."""

    status = ExitStatus.FAILURE

    def __init__(self, url: str, subdirectory: str) -> None:
        """Name both."""
        super().__init__(url, subdirectory)
        self.url = url
        self.subdirectory = subdirectory

    def __str__(self) -> str:
        """Return the message."""
        return f"The source distribution `{self.url}` has no subdirectory `{self.subdirectory}`"


class MissingLfsFiles(MauveError):
    """The large files of a repository cannot be had."""

    status = ExitStatus.FAILURE

    def __init__(self, url: str) -> None:
        """Name the repository."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Return the message."""
        return f"The source distribution `{self.url}` is missing Git LFS artifacts."


class DirectReader:
    """Looks at direct sources for the metadata worker, in the resolver's thread."""

    def __init__(self, trees: TreeReader, archives: ArchiveReader, repositories: Repositories) -> None:
        """Hand each kind of source to its reader."""
        self.trees = trees
        self.archives = archives
        self.repositories = repositories

    def read(self, name: PackageName | None, source: DirectSource) -> DirectDistribution:
        """Return the distribution at *source*, which must be of *name* if that is known.

        Raises:
            MauveError: it cannot be had.
        """
        match source:
            case FromDirectory():
                return self._read_directory(name, source)
            case FromPath():
                return self.archives.read_path(name, source)
            case FromUrl():
                return self.archives.read_url(name, source)
            case FromGit():
                return self._read_repository(name, source)

    def name_of(self, source: DirectSource) -> PackageName:
        """Return the name of the package at *source*.

        Raises:
            MauveError: it cannot be had.
        """
        if isinstance(source, FromGit):
            self.repositories.fetch(source)
        elif isinstance(source, FromPath | FromUrl):
            filename = archive_name(source.url) if isinstance(source, FromUrl) else os.path.basename(source.path)
            if filename.endswith(".whl"):
                return parse_wheel_name(filename).name
        elif (declared := declared_name(source.path)) is not None:
            return declared
        return self.read(None, source).metadata.name

    def declared(self, name: PackageName, source: FromDirectory) -> DistributionMetadata:
        """Return what the tree *source* declares; a version that only a build would tell is `0`.

        Raises:
            MauveError: it cannot be read.
        """
        return self._read_directory(name, source, needs_version=False).metadata

    def _read_directory(
        self, name: PackageName | None, source: FromDirectory, *, needs_version: bool = True
    ) -> DirectDistribution:
        url = file_url(source.path)
        if not os.path.isdir(source.path):
            raise MissingDistribution(url)
        shown = url if name is None else f"{name} @ {url}"
        tree = SourceTree(root=source.path, shown=shown, name=name, is_editable=bool(source.editable))
        metadata = self.trees.read(tree, needs_version=needs_version)
        return DirectDistribution(source=tree_source(source), metadata=metadata)

    def _read_repository(self, name: PackageName | None, source: FromGit) -> DirectDistribution:
        url = direct_text(source)
        tree = SourceTree(root="", shown=url if name is None else f"{name} @ {url}", name=name, is_remote=True)
        try:
            fetched = self.repositories.fetch(source)
        except LfsUnavailable as error:
            missing = MissingLfsFiles(url)
            missing.__cause__ = error
            raise BuildFailed(tree) from missing
        except MauveError as error:
            raise BuildFailed(tree) from error
        root = fetched.path
        if source.subdirectory is not None:
            root = os.path.join(root, source.subdirectory)
            if not os.path.isdir(root):
                raise BuildFailed(tree) from MissingSubdirectory(url, source.subdirectory)
        pinned = structs.replace(source, commit=fetched.commit)
        metadata = self.trees.read(structs.replace(tree, root=root), Checkout(fetched.path, pinned))
        # A commit does not change: whatever computed its version, it is known once and for all.
        metadata = structs.replace(metadata, dynamic_version=False)
        return DirectDistribution(
            source=GitSource(
                url=source.url,
                commit=fetched.commit,
                reference=source.reference,
                subdirectory=source.subdirectory,
                lfs=source.lfs,
            ),
            metadata=metadata,
        )
