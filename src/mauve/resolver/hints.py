"""What a user may do about a failed resolution, and what is behind it that the argument does not tell.

Each hint is a value; its text is that of the terminal. `mauve.resolver.hint_search` finds them.

Specification: docs/resolution.md "Hints".
"""

from __future__ import annotations

from typing import Protocol, TypeAlias

from msgspec import Struct

from mauve.standards.names import PackageName

Key: TypeAlias = tuple[object, ...]


class Hint(Protocol):
    """One advice. `str` gives its text; hints with equal keys are shown once."""

    @property
    def key(self) -> Key:
        """Return what tells this hint from others of its kind."""
        ...


class _OfPackage(Struct, frozen=True):
    package: PackageName

    @property
    def key(self) -> Key:
        """Return kind and package."""
        return (type(self), self.package)


class _Once(Struct, frozen=True):
    @property
    def key(self) -> Key:
        """Return the kind."""
        return (type(self),)


class PrereleaseAvailable(_OfPackage, frozen=True):
    """There are pre-releases in the range, and they are not allowed."""

    version: str

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"Pre-releases are available for `{self.package}` in the requested range (e.g., {self.version}), but "
            "pre-releases weren't enabled (try: `--prerelease=allow`)"
        )


class PrereleaseRequested(_OfPackage, frozen=True):
    """A bound of the range is a pre-release, and they are not allowed."""

    wanted: str

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"`{self.package}` was requested with a pre-release marker (e.g., {self.wanted}), but pre-releases weren't "
            "enabled (try: `--prerelease=allow`)"
        )


class IndexesDisabled(_Once, frozen=True):
    """`--no-index` without flat indexes."""

    def __str__(self) -> str:
        """Return the text."""
        return (
            "Packages were unavailable because index lookups were disabled and no additional package locations were "
            "provided (try: `--find-links <uri>`)"
        )


class NetworkDisabled(_Once, frozen=True):
    """`--offline`."""

    def __str__(self) -> str:
        """Return the text."""
        return (
            "Packages were unavailable because the network was disabled. When the network is disabled, registry "
            "packages may only be read from the cache."
        )


class MetadataUnreadable(_OfPackage, frozen=True):
    """The metadata of a version cannot be parsed."""

    version: str
    reason: str

    def __str__(self) -> str:
        """Return the text."""
        return f"Metadata for `{self.package}` (v{self.version}) could not be parsed:\n{_indented(self.reason)}"


class StructureInvalid(_OfPackage, frozen=True):
    """A file of a version is not made as a distribution is."""

    version: str
    reason: str

    def __str__(self) -> str:
        """Return the text."""
        return f"The structure of `{self.package}` (v{self.version}) was invalid:\n{_indented(self.reason)}"


class MetadataUnfetched(_OfPackage, frozen=True):
    """The metadata of a version is not given out."""

    version: str
    status: str

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"Metadata for `{self.package}` (v{self.version}) could not be fetched; the server returned: "
            f"`{self.status}`"
        )


class MetadataContradictory(_OfPackage, frozen=True):
    """The metadata of a version speaks of something else."""

    version: str
    reason: str

    def __str__(self) -> str:
        """Return the text."""
        return f"Metadata for `{self.package}` (v{self.version}) was inconsistent:\n{_indented(self.reason)}"


class PythonTooOld(Struct, frozen=True):
    """A dependency does not support all Pythons of the project."""

    requires_python: str
    example: str
    needed: str

    @property
    def key(self) -> Key:
        """Return the kind: one example is enough."""
        return (type(self),)

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"The `requires-python` value ({self.requires_python}) includes Python versions that are not supported by "
            f"your dependencies (e.g., {self.example} only supports {self.needed}). Consider using a more restrictive "
            f"`requires-python` value (like {self.needed})."
        )


class AskedPythonTooOld(PythonTooOld, frozen=True):
    """A dependency does not support the Python that is chosen for."""

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"The `--python-version` value ({self.requires_python}) includes Python versions that are not supported by "
            f"your dependencies (e.g., {self.example} only supports {self.needed}). Consider using a higher "
            "`--python-version` value."
        )


class NameShadowed(Struct, frozen=True):
    """A package depends on a name that a first-party project has taken."""

    package: PackageName
    dependency: PackageName
    is_workspace: bool

    @property
    def key(self) -> Key:
        """Return both packages."""
        return (type(self), self.package, self.dependency)

    def __str__(self) -> str:
        """Return the text."""
        ours = "one of your workspace members" if self.is_workspace else "your project"
        theirs = "the workspace member" if self.is_workspace else "the project"
        return (
            f"The package `{self.package}` depends on the package `{self.dependency}` but the name is shadowed by "
            f"{ours}. Consider changing the name of {theirs}."
        )


class DependsOnItself(_OfPackage, frozen=True):
    """A first-party project requires another version of itself."""

    is_workspace: bool

    def __str__(self) -> str:
        """Return the text."""
        project = "workspace member" if self.is_workspace else "project"
        return (
            f"The {project} `{self.package}` depends on itself at an incompatible version. This is likely a mistake. "
            f"If you intended to depend on a third-party package named `{self.package}`, consider renaming the "
            f"{project} `{self.package}` to avoid creating a conflict."
        )


class UncheckedIndex(_OfPackage, frozen=True):
    """The first index that knows the package was the only one that was asked."""

    wanted: str
    found_on: str
    next_index: str

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"`{self.package}` was found on {self.found_on}, but not at the requested version ({self.wanted}). A "
            f"compatible version may be available on a subsequent index (e.g., {self.next_index}). By default, uv will "
            "only consider versions that are published on the first index that contains a given package, to avoid "
            "dependency confusion attacks. If all indexes are equally trusted, use `--index-strategy "
            "unsafe-best-match` to consider all versions from all indexes, regardless of the order in which they were "
            "defined."
        )


class Unauthorized(Struct, frozen=True):
    """An index answered 401."""

    index: str

    @property
    def key(self) -> Key:
        """Return the index."""
        return (type(self), self.index)

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"An index URL ({self.index}) could not be queried due to a lack of valid authentication credentials "
            "(401 Unauthorized)"
        )


class Forbidden(Struct, frozen=True):
    """An index answered 403."""

    index: str

    @property
    def key(self) -> Key:
        """Return the index."""
        return (type(self), self.index)

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"An index ({self.index}) returned a 403 Forbidden error. Check that the index URL is correct and the "
            "credentials are valid."
        )


class BuildsDisabled(_OfPackage, frozen=True):
    """There is no wheel, and nothing may be built."""

    everywhere: bool

    def __str__(self) -> str:
        """Return the text."""
        scope = _scope(self.package, "--no-build", everywhere=self.everywhere)
        return f"Wheels are required for `{self.package}` because building from source is disabled {scope}"


class WheelsDisabled(_OfPackage, frozen=True):
    """There is no source distribution, and no wheel may be used."""

    everywhere: bool

    def __str__(self) -> str:
        """Return the text."""
        scope = _scope(self.package, "--no-binary", everywhere=self.everywhere)
        return (
            f"A source distribution is required for `{self.package}` because using pre-built wheels is disabled {scope}"
        )


class OtherTags(_OfPackage, frozen=True):
    """There are wheels with these ABI tags only."""

    version: str
    tags: tuple[str, ...]

    def __str__(self) -> str:
        """Return the text."""
        plural = "" if len(self.tags) == 1 else "s"
        tags = ", ".join(f"`{tag}`" for tag in self.tags)
        return (
            f"Wheels are available for `{self.package}` (v{self.version}) with the following Python ABI "
            f"tag{plural}: {tags}"
        )


class OtherPlatforms(OtherTags, frozen=True):
    """There are wheels for these platforms only."""

    def __str__(self) -> str:
        """Return the text."""
        plural = "" if len(self.tags) == 1 else "s"
        tags = ", ".join(f"`{tag}`" for tag in self.tags)
        return f"Wheels are available for `{self.package}` (v{self.version}) on the following platform{plural}: {tags}"


class OtherPythons(OtherTags, frozen=True):
    """There are wheels for other Pythons only; *kind* says which tags tell that."""

    python: str
    kind: str

    def __str__(self) -> str:
        """Return the text."""
        plural = "" if len(self.tags) == 1 else "s"
        tags = ", ".join(f"`{tag}`" for tag in self.tags)
        return (
            f"You require {self.python}, but we only found wheels for `{self.package}` (v{self.version}) with the "
            f"following {self.kind} tag{plural}: {tags}"
        )


class TooNew(_OfPackage, frozen=True):
    """Every version in the range was uploaded after the cut-off."""

    cutoff: str
    setting: str
    latest: str
    published: str | None
    is_exact: bool

    @property
    def key(self) -> Key:
        """Return package and setting."""
        return (type(self), self.package, self.setting)

    def __str__(self) -> str:
        """Return the text."""
        detail = ""
        if self.is_exact and self.published:
            detail = f" The requested version, v{self.latest}, was published at {self.published}."
        elif not self.is_exact:
            published = f", published at {self.published}" if self.published else ""
            detail = f" The latest version satisfying the requirement is v{self.latest}{published}."
        match self.setting:
            case "package":
                by, advice = "`exclude-newer-package`", "Consider removing the setting or updating it to a later date."
            case "index":
                by = "the index-specific `exclude-newer` setting"
                advice = (
                    "Consider updating that index's cutoff, setting it to `false`, or using `exclude-newer-package` to "
                    "override the cutoff for this package."
                )
            case _:
                by = "`exclude-newer`"
                advice = "Consider using `exclude-newer-package` to override the cutoff for this package."
        return (
            f"`{self.package}` was filtered by {by} to only include packages uploaded before {self.cutoff}."
            f"{detail} {advice}"
        )


class OtherPython(_Once, frozen=True):
    """The fork is not for the running Python."""

    python_version: str

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"While the active Python version is {self.python_version}, the resolution failed for other Python "
            "versions supported by your project. Consider limiting your project's supported Python versions using "
            "`requires-python`."
        )


class OtherEnvironment(_Once, frozen=True):
    """The fork is not for the running platform."""

    def __str__(self) -> str:
        """Return the text."""
        return (
            "The resolution failed for an environment that is not the current one, consider limiting the environments "
            "with `tool.uv.environments`."
        )


def _scope(package: PackageName, option: str, *, everywhere: bool) -> str:
    if everywhere:
        return f"for all packages (i.e., with `{option}`)"
    return f"for `{package}` (i.e., with `{option}-package {package}`)"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line.strip() else line for line in text.split("\n"))
