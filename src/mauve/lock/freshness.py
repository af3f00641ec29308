"""How much of an old lock may be kept: `judge` compares it with what a new resolution would start from.

The checks run from the most to the least consequential, and the first that fails decides. Nothing is fetched: what
source trees outside the workspace and direct archives declare today is asked of a callback.

Specification: docs/lockfile.md "Is it up to date?".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from msgspec import Struct

from mauve.distributions.conflicts import Conflicts
from mauve.lock.content import ContentCheck
from mauve.lock.manifest import lock_cutoff, lock_options
from mauve.lock.markers import simplified_texts
from mauve.resolver.manifest import ForkStrategy, PrereleaseMode, ResolutionMode
from mauve.standards.markers.canonical import canonical_form
from mauve.standards.markers.diagram import FALSE, TRUE, Marker, any_of
from mauve.standards.markers.extras import without_extras
from mauve.standards.markers.parse import parse_marker
from mauve.standards.markers.render import render
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.lock.model import Lock, LockedCutoff, LockedPackage
    from mauve.resolver.manifest import Manifest
    from mauve.resolver.source import DistributionMetadata
    from mauve.standards.cutoffs import Cutoff
    from mauve.standards.names import GroupName, PackageName


class Reason(Struct, frozen=True):
    """Why a lock is not kept as it is.

    Attributes:
        text: a sentence of uv's.
        shown: to every user; otherwise only with `--verbose`.
        warning: shown as a warning.
    """

    text: str
    shown: bool = False
    warning: bool = False


class Unusable(Struct, frozen=True):
    """Nothing of the lock counts."""

    reason: Reason


class Versions(Struct, frozen=True):
    """Its versions are preferred; forks are found anew."""

    reason: Reason


class Preferable(Struct, frozen=True):
    """Its versions are preferred and its forks are the initial ones."""

    reason: Reason


class Satisfied(Struct, frozen=True):
    """It says what a resolution would say."""


Verdict: TypeAlias = Unusable | Versions | Preferable | Satisfied


class UpgradeRequest(Protocol):
    """What the user asked not to keep (`mauve.config.settings.resolution.Upgrade`)."""

    @property
    def everything(self) -> bool:
        """Return whether nothing is kept."""
        ...

    @property
    def packages(self) -> frozenset[PackageName]:
        """Return the packages whose versions are not kept."""
        ...

    @property
    def groups(self) -> frozenset[GroupName]:
        """Return the groups whose direct requirements are not kept."""
        ...


def _unknown(package: LockedPackage) -> None:
    """Know nothing about *package*."""


def judge(
    lock: Lock,
    manifest: Manifest,
    root: str,
    upgrade: UpgradeRequest,
    *,
    refresh: bool = False,
    declared: Callable[[LockedPackage], DistributionMetadata | None] = _unknown,
    indexes: frozenset[str] | None = None,
    needs_metadata: bool = True,
) -> Verdict:
    """Return how much of *lock*, read from the folder *root*, may be kept for *manifest*.

    Args:
        lock: the old lock.
        manifest: what a resolution would start from.
        root: absolute path of the folder of the lockfile.
        declared: returns what a source tree outside the workspace, or a direct archive, declares today; None if
            that cannot be found out without network, which counts as unchanged.
        upgrade: what the user asked to upgrade.
        refresh: whether the user asked to look at cached data again.
        indexes: URLs of all indexes, without credentials; None if none was configured, and then any will do.
        needs_metadata: whether the lock has to say what source trees declared; otherwise its edges will do.
    """
    requires_python = _requires_python(lock)
    return (
        _check_modes(lock, manifest)
        or _check_cutoffs(lock, manifest)
        or (Unusable(Reason("Ignoring existing lockfile due to `--upgrade`")) if upgrade.everything else None)
        or _check_forks(lock, manifest, requires_python)
        or _check_environments(lock, manifest)
        or _check_python(lock, manifest, requires_python)
        or _check_prereleases(lock, manifest)
        or _check_requests(upgrade, refresh=refresh)
        or _check_content(
            ContentCheck(lock, manifest, root, requires_python, declared, indexes, needs_metadata=needs_metadata)
        )
        or Satisfied()
    )


def _requires_python(lock: Lock) -> RequiresPython:
    return RequiresPython.from_specifiers(parse_specifiers(lock.requires_python)) or RequiresPython()


def _resolving(text: str, *, shown: bool = False, warning: bool = False) -> Reason:
    return Reason(f"Resolving despite existing lockfile due to {text}", shown, warning)


def _change(what: str, old: str, new: str) -> str:
    return f"change in {what}: `{old}` vs. `{new}`"


def _check_modes(lock: Lock, manifest: Manifest) -> Verdict | None:
    options = manifest.options
    old = lock.options.resolution_mode or ResolutionMode.HIGHEST.value
    if old != options.resolution.value:
        text = f"Ignoring existing lockfile due to {_change('resolution mode', old, options.resolution.value)}"
        return Unusable(Reason(text, shown=True))
    old = lock.options.fork_strategy or ForkStrategy.REQUIRES_PYTHON.value
    if old != options.fork_strategy.value:
        text = f"Ignoring existing lockfile due to {_change('fork strategy', old, options.fork_strategy.value)}"
        return Unusable(Reason(text, shown=True))
    return None


# --- cut-offs


def _check_cutoffs(lock: Lock, manifest: Manifest) -> Verdict | None:
    change = _global_cutoff_change(lock.options.exclude_newer, manifest.options.exclude_newer.everything)
    change = change or _package_cutoff_change(lock, manifest.options.exclude_newer.packages)
    return None if change is None else Preferable(_resolving(change, shown=True))


def _global_cutoff_change(old: LockedCutoff | None, new: Cutoff | None) -> str | None:
    if old is None:
        if new is None:
            return None
        return f"addition of global exclude newer {new.text}"
    return "removal of global exclude newer" if new is None else _cutoff_change(old, new)


def _package_cutoff_change(lock: Lock, new: dict[PackageName, Cutoff | None]) -> str | None:
    old = lock.options.exclude_newer_package
    for name in sorted(old):
        was = old[name]
        if name not in new:
            return f"removal of exclude newer for package `{name}`"
        now = new[name]
        if now is None:
            continue
        change = f"remove exclude newer exclusion (now `{now.text}`)" if was is None else _cutoff_change(was, now)
        if change is not None:
            return f"{change} for package `{name}`"
    locked = {package.name for package in lock.packages}
    for name in sorted(new):
        now = new[name]
        if now is not None and name not in old and name in locked:
            return f"addition of exclude newer `{now.text}` for package `{name}`"
    return None


def _cutoff_change(old: LockedCutoff, new: Cutoff) -> str | None:
    """Return how a cut-off changed; a later moment, and the same span counted from a later day, are no change."""
    if old.span is not None or new.span is not None:
        if old.span is None:
            return f"addition of exclude newer span `{new.span}`"
        if new.span is None:
            return "removal of exclude newer span"
        if old.span != new.span:
            return f"change of exclude newer span from `{old.span}` to `{new.span}`"
        return None
    written = lock_cutoff(new).timestamp
    if old.timestamp == written:
        return None
    from mauve.standards.cutoffs import parse_timestamp

    if parse_timestamp(written) >= parse_timestamp(old.timestamp):
        return None
    return f"change of exclude newer timestamp from `{old.timestamp}` to `{written}`"


# --- forks, environments, Python


def _check_forks(lock: Lock, manifest: Manifest, requires_python: RequiresPython) -> Verdict | None:
    """Check that the forks cover what the lock itself supports, and touch the new requires-python."""
    if not lock.resolution_markers and requires_python == manifest.requires_python:
        return None
    supported = requires_python.marker()
    forks = supported
    if lock.resolution_markers:
        forks = any_of(
            [without_extras(requires_python.complexify(parse_marker(text))) for text in lock.resolution_markers]
        )
    if lock.supported_markers:
        supported &= any_of([parse_marker(text) for text in lock.supported_markers])
    if canonical_form(supported & ~forks) is not FALSE:
        shown = f"`{_text(forks)}` vs `{_text(supported)}`"
        text = f"fork markers not covering the supported environments: {shown}"
        return Versions(_resolving(text, shown=True, warning=True))
    wanted = manifest.requires_python.marker()
    if forks.is_disjoint(wanted):
        text = f"fork markers being disjoint with `requires-python`: `{_text(forks)}` vs `{_text(wanted)}`"
        return Versions(_resolving(text, shown=True, warning=True))
    return None


def _text(marker: Marker) -> str:
    return "true" if marker is TRUE else render(marker) or "true"


def _check_environments(lock: Lock, manifest: Manifest) -> Verdict | None:
    requires_python = manifest.requires_python
    for old, markers in (
        (lock.supported_markers, manifest.environments),
        (lock.required_markers, manifest.required_environments),
    ):
        new = simplified_texts(markers, requires_python)
        if old != new and list(map(parse_marker, old)) != list(map(parse_marker, new)):
            # The same words for both, as in uv.
            return Versions(_resolving(_change("supported environments", f"[{', '.join(old)}]", f"[{', '.join(new)}]")))
    old_libc, new_libc = lock.options.minimum_libc_version, lock_options(manifest.options).minimum_libc_version
    if old_libc != new_libc:
        return Versions(_resolving(_change("minimum libc version", _libc(old_libc), _libc(new_libc))))
    if lock.conflicts != manifest.conflicts:
        text = _change("conflicting groups", _conflicts(manifest.conflicts), _conflicts(lock.conflicts))
        return Versions(_resolving(text))
    return None


def _libc(versions: dict[str, str]) -> str:
    return ", ".join(f"{family} {version}" for family, version in versions.items())


def _conflicts(conflicts: Conflicts) -> str:
    sets = (", ".join(item.encoded for item in group.items) for group in conflicts.sets)
    return "[" + ", ".join(f"{{{items}}}" for items in sets) + "]"


def _check_python(lock: Lock, manifest: Manifest, requires_python: RequiresPython) -> Verdict | None:
    new = manifest.requires_python
    if lock.requires_python == new.lock_text() or requires_python.versions == new.versions:
        return None
    reason = _resolving(_change("Python requirement", lock.requires_python, new.lock_text()))
    return Versions(reason) if lock.resolution_markers else Preferable(reason)


def _check_prereleases(lock: Lock, manifest: Manifest) -> Verdict | None:
    options = manifest.options
    old = lock.options.prerelease_mode or PrereleaseMode.IF_NECESSARY.value
    if old == "if-necessary-or-explicit":
        old = PrereleaseMode.IF_NECESSARY.value
    if old != options.prerelease.value:
        return Preferable(_resolving(_change("pre-release mode", old, options.prerelease.value), shown=True))
    if lock.options.prerelease_package != options.prerelease_packages:
        return Preferable(_resolving("change in package-specific pre-release modes"))
    return None


def _check_requests(upgrade: UpgradeRequest, *, refresh: bool) -> Verdict | None:
    if upgrade.packages or upgrade.groups:
        return Preferable(_resolving("`--upgrade-package` or `--upgrade-group`"))
    return Preferable(_resolving("`--refresh`")) if refresh else None


def _check_content(check: ContentCheck) -> Verdict | None:
    mismatch = check.mismatch()
    return None if mismatch is None else Preferable(_resolving(mismatch))
