"""Lines about what changed in a lock."""

from __future__ import annotations

from mauve.lock.changes import describe_change, lock_changes
from mauve.lock.model import Lock, LockedPackage, LockedSource, SourceKind
from mauve.standards.names import PackageName

INDEX = LockedSource(SourceKind.REGISTRY, "https://packages.test/simple")


def _lock(*packages: tuple[str, str | None]) -> Lock:
    return Lock(
        requires_python=">=3.9",
        packages=tuple(
            LockedPackage(name=PackageName(name), version=version, source=INDEX) for name, version in packages
        ),
    )


def _lines(before: Lock | None, after: Lock, *, dry_run: bool = False) -> list[str]:
    return [" ".join(describe_change(change, dry_run=dry_run)) for change in lock_changes(before, after)]


def test_changes_are_sorted_by_name_and_list_every_version():
    """One line for each name."""
    before = _lock(("b", "1.0"), ("f", "10.0"), ("f", "9.0"), ("same", "1"), ("d", None))
    after = _lock(("e", "1.0"), ("f", "1.0"), ("same", "1"), ("d", "2"))
    assert _lines(before, after) == [
        "Removed b v1.0",
        "Updated d (dynamic) -> v2",
        "Added e v1.0",
        "Updated f v9.0, v10.0 -> v1.0",
    ]


def test_a_dry_run_says_what_would_be_done():
    """Without a lock everything would be added."""
    assert _lines(None, _lock(("a", "1.0")), dry_run=True) == ["Add a v1.0"]
