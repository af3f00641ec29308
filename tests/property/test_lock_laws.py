"""Locks: what is written is read back, whatever it says, by either reader and through the cache."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mauve.distributions.conflicts import ConflictItem, Conflicts, ConflictSet
from mauve.lock.model import (
    Lock,
    LockedCutoff,
    LockedDependency,
    LockedFile,
    LockedFiles,
    LockedManifest,
    LockedMetadata,
    LockedOptions,
    LockedPackage,
    LockedRequirement,
    LockedScope,
    LockedScopedExclude,
    LockedScopedOverride,
    LockedSource,
    LockedStaticMetadata,
    SourceKind,
    ZstdFile,
)
from mauve.lock.packed import pack_lock, unpack_lock
from mauve.lock.parse import read_lock
from mauve.lock.render import render_lock
from mauve.standards.names import ExtraName, GroupName, PackageName

NAMES = st.sampled_from(["a", "b-c", "d2", "long-name-3", "true"])
PACKAGES = NAMES.map(PackageName)
EXTRAS = NAMES.map(ExtraName)
GROUPS = NAMES.map(GroupName)
VERSIONS = st.sampled_from(["1.0", "2.0.0rc1", "0!1+cpu"])
TEXTS = st.one_of(
    st.sampled_from(["sys_platform == 'linux'", "x", "", "# no comment", "a = b", 'says "a"', "back\\slash", "\"'"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
CONDITIONS = st.sampled_from(
    (
        "sys_platform == 'win32'",
        "python_full_version >= '3.11'",
        "python_full_version < '3.11' and sys_platform == 'linux'",
        "extra == 'extra-1-p-x'",
    )
)
MARKERS = st.none() | CONDITIONS
HASHES = st.none() | st.just("sha256:00ff")
TIMES = st.none() | st.just("2025-01-02T03:04:05.1Z")
SIZES = st.none() | st.integers(0, 10**12)


def tuples(elements: st.SearchStrategy[object], **more: int) -> st.SearchStrategy[tuple[object, ...]]:
    """A tuple of up to three."""
    return st.lists(elements, max_size=3, **more).map(tuple)


SOURCES = st.builds(LockedSource, st.sampled_from(SourceKind), TEXTS) | st.builds(
    LockedSource, st.just(SourceKind.URL), TEXTS, st.none() | TEXTS
)
DIRECT = SOURCES.filter(lambda source: source.kind is not SourceKind.REGISTRY)
FILES = st.one_of(
    st.builds(
        LockedFile,
        st.sampled_from(["url", "path", "filename"]),
        TEXTS,
        HASHES,
        SIZES,
        TIMES,
        st.none() | st.builds(ZstdFile, st.just("sha256:1"), SIZES),
    ),
    st.builds(LockedFile, st.just(""), st.just(""), st.just("sha256:00")),
)
EDGES = tuples(
    st.builds(LockedDependency, PACKAGES, st.none() | VERSIONS, st.none() | SOURCES, tuples(EXTRAS), MARKERS)
)
REQUIREMENTS = tuples(
    st.one_of(
        st.builds(
            LockedRequirement,
            name=PACKAGES,
            extras=tuples(EXTRAS),
            groups=tuples(GROUPS),
            marker=MARKERS,
            specifier=st.none() | st.just(">=1,<2"),
            index=st.none() | TEXTS,
            conflict=st.none() | st.tuples(PACKAGES, EXTRAS, st.none()) | st.tuples(PACKAGES, st.none(), GROUPS),
        ),
        st.builds(LockedRequirement, name=PACKAGES, marker=MARKERS, source=DIRECT),
    )
)
DEFAULTS = st.none() | st.just("all") | tuples(GROUPS)
BOUNDS = st.dictionaries(GROUPS, st.just(">=3.12"), max_size=2)
LOCKED_PACKAGES = st.builds(
    LockedPackage,
    name=PACKAGES,
    version=st.none() | VERSIONS,
    source=SOURCES,
    default_groups=DEFAULTS,
    resolution_markers=tuples(CONDITIONS),
    dependencies=EDGES,
    files=st.builds(LockedFiles, st.none() | FILES, tuples(FILES)),
    optional_dependencies=st.dictionaries(EXTRAS, EDGES, max_size=2),
    dev_dependencies=st.dictionaries(GROUPS, EDGES, max_size=2),
    group_requires_python=BOUNDS,
    metadata=st.none()
    | st.builds(LockedMetadata, REQUIREMENTS, tuples(EXTRAS), st.dictionaries(GROUPS, REQUIREMENTS, max_size=2)),
)
SCOPES = st.builds(LockedScope, PACKAGES, st.none() | VERSIONS)
MANIFESTS = st.builds(
    LockedManifest,
    members=tuples(PACKAGES),
    default_groups=DEFAULTS,
    requirements=REQUIREMENTS,
    constraints=REQUIREMENTS,
    scoped_overrides=tuples(st.builds(LockedScopedOverride, SCOPES, REQUIREMENTS)),
    overrides=REQUIREMENTS,
    scoped_excludes=tuples(st.builds(LockedScopedExclude, SCOPES, tuples(PACKAGES))),
    excludes=tuples(PACKAGES),
    build_constraints=REQUIREMENTS,
    dependency_groups=st.dictionaries(GROUPS, REQUIREMENTS, max_size=2),
    group_requires_python=BOUNDS,
    dependency_metadata=tuples(
        st.builds(
            LockedStaticMetadata,
            name=PACKAGES,
            version=st.none() | VERSIONS,
            requires_dist=tuples(TEXTS),
            requires_python=st.none() | TEXTS,
            provides_extras=tuples(EXTRAS),
        )
    ),
)
CUTOFFS = st.builds(LockedCutoff, st.just("2026-01-02T00:00:00Z"), st.none() | st.just("P1W"))
OPTIONS = st.builds(
    LockedOptions,
    resolution_mode=st.none() | st.just("lowest"),
    prerelease_mode=st.none() | st.just("allow"),
    fork_strategy=st.none() | st.just("fewest"),
    exclude_newer=st.none() | CUTOFFS,
    minimum_libc_version=st.dictionaries(NAMES, st.just("2.28"), max_size=2),
    prerelease_package=st.dictionaries(PACKAGES, st.just("allow"), max_size=2),
    exclude_newer_package=st.dictionaries(PACKAGES, st.none() | CUTOFFS, max_size=2),
)
CONFLICTS = st.builds(
    Conflicts,
    st.lists(
        st.builds(
            ConflictSet,
            st.lists(
                st.builds(ConflictItem, PACKAGES)
                | st.builds(ConflictItem, PACKAGES, EXTRAS)
                | st.builds(ConflictItem, PACKAGES, st.none(), GROUPS),
                min_size=2,
                max_size=3,
            ).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


def _without_edges(package: LockedPackage) -> LockedPackage:
    """Keep what no check looks at: edges need targets, and direct archives need hashes."""
    from msgspec import structs

    return structs.replace(package, dependencies=(), optional_dependencies={}, dev_dependencies={})


def _is_accepted(package: LockedPackage) -> bool:
    files = [*package.wheels, *([package.sdist] if package.sdist else [])]
    return package.source.kind not in {SourceKind.URL, SourceKind.PATH} or all(file.hash for file in files)


LOCKS = st.builds(
    Lock,
    revision=st.integers(0, 9),
    requires_python=st.just(">=3.9"),
    resolution_markers=tuples(CONDITIONS),
    supported_markers=tuples(CONDITIONS),
    required_markers=tuples(CONDITIONS),
    conflicts=CONFLICTS,
    options=OPTIONS,
    manifest=MANIFESTS,
    packages=st.lists(
        LOCKED_PACKAGES.map(_without_edges).filter(_is_accepted), max_size=3, unique_by=lambda one: one.identity
    ).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(LOCKS)
def test_what_is_written_is_read_back(lock: Lock):
    """`read_lock(render_lock(lock)) == lock`."""
    text = render_lock(lock)
    assert read_lock(text) == lock


@settings(max_examples=60, deadline=None)
@given(LOCKED_PACKAGES)
def test_edges_are_read_back(package: LockedPackage):
    """Edges of every shape, whatever they lead to."""
    from mauve.lock.canonical import NotCanonical, read_canonical
    from mauve.lock.parse import read_packages

    text = render_lock(Lock(requires_python=">=3.9", packages=(package,)))
    import tomllib

    assert read_packages(tomllib.loads(text)) == (package,)
    try:
        document = read_canonical(text)
    except NotCanonical:
        return
    assert read_packages(document) == (package,)


@settings(max_examples=60, deadline=None)
@given(LOCKS)
def test_the_cache_changes_nothing(lock: Lock):
    """`unpack_lock(pack_lock(lock)) == lock`."""
    assert unpack_lock(pack_lock(lock)) == lock
