"""Lock -> text of `uv.lock`, byte for byte as uv writes it.

Written by joining strings: the format has one shape for every table, so a general TOML writer would only
be slower. Which arrays take several lines is part of the format and stated at each of them.

Specification: docs/lockfile.md "TOML style".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.lock.model import SCHEMA_VERSION, LockedScope, SourceKind
from mauve.standards.toml_strings import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.distributions.conflicts import Conflicts
    from mauve.lock.model import (
        DefaultGroups,
        Lock,
        LockedCutoff,
        LockedDependency,
        LockedFile,
        LockedManifest,
        LockedMetadata,
        LockedOptions,
        LockedPackage,
        LockedRequirement,
        LockedSource,
        LockedStaticMetadata,
    )
    from mauve.standards.names import GroupName

SPAN_COMMENT: Final = (
    " # This has no effect and is included for backwards compatibility when using relative exclude-newer values."
)
"""Follows the unused time of a relative cut-off."""

_BARE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def _key(text: str) -> str:
    return text if text and _BARE.issuperset(text) else quote(text)


def render_lock(lock: Lock) -> str:
    """Return the text of the lockfile, ending in one newline."""
    out = [f"version = {SCHEMA_VERSION}\n"]
    if lock.revision:
        out.append(f"revision = {lock.revision}\n")
    out.append(f"requires-python = {quote(lock.requires_python)}\n")
    _long_array(out, "resolution-markers", map(quote, lock.resolution_markers))
    _long_array(out, "supported-markers", map(quote, lock.supported_markers))
    _long_array(out, "required-markers", map(quote, lock.required_markers))
    _conflicts(out, lock.conflicts)
    _options(out, lock.options)
    _manifest(out, lock.manifest)
    for package in lock.packages:
        _package(out, package)
    return "".join(out)


# --- arrays


def _long_array(out: list[str], key: str, elements: Iterable[str]) -> None:
    """Write an array with one element a line; nothing if it is empty."""
    body = "".join(f"    {element},\n" for element in elements)
    if body:
        out.append(f"{key} = [\n{body}]\n")


def _short_array(out: list[str], key: str, elements: Iterable[str], *, keep_empty: bool = False) -> None:
    """Write an array that takes several lines from two elements on."""
    texts = list(elements)
    if len(texts) > 1:
        _long_array(out, key, texts)
    elif texts or keep_empty:
        out.append(f"{key} = [{texts[0] if texts else ''}]\n")


def _flat_array(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(quote, texts)) + "]"


# --- top


def _conflicts(out: list[str], conflicts: Conflicts) -> None:
    if not conflicts.sets:
        return
    sets: list[str] = []
    for conflict in conflicts.sets:
        lines: list[str] = []
        for item in conflict.items:
            text = f"package = {quote(item.package)}"
            if item.extra is not None:
                text += f", extra = {quote(item.extra)}"
            if item.group is not None:
                text += f", group = {quote(item.group)}"
            lines.append(f"    {{ {text} }},\n")
        sets.append("".join(lines))
    out.append("conflicts = [[\n" + "], [\n".join(sets) + "]]\n")


def _options(out: list[str], options: LockedOptions) -> None:
    lines: list[str] = []
    for key, mode in (
        ("resolution-mode", options.resolution_mode),
        ("prerelease-mode", options.prerelease_mode),
        ("fork-strategy", options.fork_strategy),
    ):
        if mode is not None:
            lines.append(f"{key} = {quote(mode)}\n")
    if options.minimum_libc_version:
        pairs = ", ".join(f"{_key(key)} = {quote(value)}" for key, value in options.minimum_libc_version.items())
        lines.append(f"minimum-libc-version = {{ {pairs} }}\n")
    cutoff = options.exclude_newer
    if cutoff is not None:
        comment = "" if cutoff.span is None else SPAN_COMMENT
        lines.append(f"exclude-newer = {quote(cutoff.timestamp)}{comment}\n")
        if cutoff.span is not None:
            lines.append(f"exclude-newer-span = {quote(cutoff.span)}\n")
    if not (lines or options.prerelease_package or options.exclude_newer_package):
        return
    out.append("\n[options]\n")
    out.extend(lines)
    if options.prerelease_package:
        out.append("\n[options.prerelease-package]\n")
        out.extend(f"{_key(name)} = {quote(mode)}\n" for name, mode in options.prerelease_package.items())
    if options.exclude_newer_package:
        out.append("\n[options.exclude-newer-package]\n")
        out.extend(f"{_key(name)} = {_cutoff(cutoff)}\n" for name, cutoff in options.exclude_newer_package.items())


def _cutoff(cutoff: LockedCutoff | None) -> str:
    if cutoff is None:
        return "false"
    if cutoff.span is None:
        return quote(cutoff.timestamp)
    return f"{{ timestamp = {quote(cutoff.timestamp)}, span = {quote(cutoff.span)} }}"


def _manifest(out: list[str], manifest: LockedManifest) -> None:
    body: list[str] = []
    _long_array(body, "members", map(quote, manifest.members))
    _default_groups(body, manifest.default_groups)
    _short_array(body, "requirements", map(_requirement, manifest.requirements))
    _short_array(body, "constraints", map(_requirement, manifest.constraints))
    overrides = [
        f"{{ package = {_scope(override.package)}, "
        f"dependencies = [{', '.join(map(_requirement, override.dependencies))}] }}"
        for override in manifest.scoped_overrides
    ]
    _short_array(body, "overrides", (*overrides, *map(_requirement, manifest.overrides)))
    excludes = [
        f"{{ package = {_scope(exclude.package)}, dependencies = {_flat_array(exclude.dependencies)} }}"
        for exclude in manifest.scoped_excludes
    ]
    _short_array(body, "excludes", (*excludes, *map(quote, manifest.excludes)))
    _short_array(body, "build-constraints", map(_requirement, manifest.build_constraints))
    if body:
        out.append("\n[manifest]\n")
        out.extend(body)
    if manifest.dependency_groups:
        out.append("\n[manifest.dependency-groups]\n")
        for group, requirements in manifest.dependency_groups.items():
            _short_array(out, _key(group), map(_requirement, requirements), keep_empty=True)
    _group_requires_python(out, "manifest", manifest.group_requires_python)
    for metadata in manifest.dependency_metadata:
        _static_metadata(out, metadata)


def _scope(scope: LockedScope) -> str:
    version = "" if scope.version is None else f", version = {quote(scope.version)}"
    return f"{{ name = {quote(scope.name)}{version} }}"


def _static_metadata(out: list[str], metadata: LockedStaticMetadata) -> None:
    out.append(f"\n[[manifest.dependency-metadata]]\nname = {quote(metadata.name)}\n")
    if metadata.version is not None:
        out.append(f"version = {quote(metadata.version)}\n")
    if metadata.requires_dist:
        out.append(f"requires-dist = {_flat_array(metadata.requires_dist)}\n")
    if metadata.requires_python is not None:
        out.append(f"requires-python = {quote(metadata.requires_python)}\n")
    if metadata.provides_extras:
        out.append(f"provides-extras = {_flat_array(metadata.provides_extras)}\n")


def _default_groups(out: list[str], groups: DefaultGroups) -> None:
    if groups is not None:
        out.append(f"default-groups = {quote(groups) if isinstance(groups, str) else _flat_array(groups)}\n")


def _group_requires_python(out: list[str], table: str, bounds: dict[GroupName, str]) -> None:
    if bounds:
        out.append(f"\n[{table}.group-requires-python]\n")
        out.extend(f"{_key(group)} = {quote(bound)}\n" for group, bound in bounds.items())


# --- packages


def _package(out: list[str], package: LockedPackage) -> None:
    out.append(f"\n[[package]]\nname = {quote(package.name)}\n")
    if package.version is not None:
        out.append(f"version = {quote(package.version)}\n")
    out.append(f"source = {_source_table(package.source)}\n")
    _default_groups(out, package.default_groups)
    _long_array(out, "resolution-markers", map(quote, package.resolution_markers))
    _long_array(out, "dependencies", map(_dependency, package.dependencies))
    if package.sdist is not None:
        out.append(f"sdist = {_file(package.sdist)}\n")
    _long_array(out, "wheels", map(_file, package.wheels))
    for table, edges in (
        ("optional-dependencies", package.optional_dependencies),
        ("dev-dependencies", package.dev_dependencies),
    ):
        if edges:
            out.append(f"\n[package.{table}]\n")
            for name, dependencies in edges.items():
                if dependencies:
                    _long_array(out, _key(name), map(_dependency, dependencies))
                else:
                    out.append(f"{_key(name)} = []\n")
    _group_requires_python(out, "package", package.group_requires_python)
    if package.metadata is not None:
        _metadata(out, package.metadata)


def _metadata(out: list[str], metadata: LockedMetadata) -> None:
    out.append("\n[package.metadata]\n")
    _short_array(out, "requires-dist", map(_requirement, metadata.requires_dist))
    if metadata.provides_extras:
        out.append(f"provides-extras = {_flat_array(metadata.provides_extras)}\n")
    if metadata.requires_dev:
        out.append("\n[package.metadata.requires-dev]\n")
        for group, requirements in metadata.requires_dev.items():
            _short_array(out, _key(group), map(_requirement, requirements), keep_empty=True)


def _source_table(source: LockedSource) -> str:
    return f"{{ {_source_pairs(source)} }}"


def _source_pairs(source: LockedSource) -> str:
    pairs = f"{source.kind.value} = {quote(source.location)}"
    if source.subdirectory is not None and source.kind is SourceKind.URL:
        pairs += f", subdirectory = {quote(source.subdirectory)}"
    return pairs


def _dependency(dependency: LockedDependency) -> str:
    name, version, source, extra, marker = (
        dependency.name,
        dependency.version,
        dependency.source,
        dependency.extra,
        dependency.marker,
    )
    text = f'{{ name = "{name}"'
    if version is not None:
        text += f", version = {quote(version)}"
    if source is not None:
        text += f", source = {_source_table(source)}"
    if extra:
        text += f", extra = {_flat_array(extra)}"
    if marker is not None:
        text += f", marker = {quote(marker)}"
    return text + " }"


def _file(file: LockedFile) -> str:
    pairs: list[str] = []
    if file.kind:
        pairs.append(f"{file.kind} = {quote(file.location)}")
    if file.hash is not None:
        pairs.append(f'hash = "{file.hash}"')
    if file.size is not None:
        pairs.append(f"size = {file.size}")
    if file.upload_time is not None:
        pairs.append(f'upload-time = "{file.upload_time}"')
    if file.zstd is not None:
        inner = [] if file.zstd.hash is None else [f'hash = "{file.zstd.hash}"']
        if file.zstd.size is not None:
            inner.append(f"size = {file.zstd.size}")
        pairs.append(f"zstd = {{ {', '.join(inner)} }}")
    return f"{{ {', '.join(pairs)} }}"


def _requirement(requirement: LockedRequirement) -> str:
    text = f"{{ name = {quote(requirement.name)}"
    if requirement.extras:
        text += f", extras = {_flat_array(requirement.extras)}"
    if requirement.groups:
        text += f", groups = {_flat_array(requirement.groups)}"
    if requirement.marker is not None:
        text += f", marker = {quote(requirement.marker)}"
    hashes = f", hashes = {_flat_array(requirement.hashes)}" if requirement.hashes else ""
    if requirement.source is not None:
        return f"{text}, {_source_pairs(requirement.source)}{hashes} }}"
    if requirement.specifier is not None:
        text += f", specifier = {quote(requirement.specifier)}"
    if requirement.index is not None:
        text += f", index = {quote(requirement.index)}"
    if requirement.conflict is not None:
        package, extra, group = requirement.conflict
        pairs = f"package = {quote(package)}"
        if extra is not None:
            pairs += f", extra = {quote(extra)}"
        if group is not None:
            pairs += f", group = {quote(group)}"
        text += f", conflict = {{ {pairs} }}"
    return f"{text}{hashes} }}"
