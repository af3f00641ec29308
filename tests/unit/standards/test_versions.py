"""Positions of versions."""

from __future__ import annotations

import pytest

from mauve.standards.versions import after, parse_version, release_at


@pytest.mark.parametrize("text", ["0", "3", "3.11", "3.11.4", "300.70000.1", "1!2", ".".join(map(str, range(1, 20)))])
def test_a_final_version_is_recovered_from_its_position(text: str) -> None:
    """Markers are rendered from positions; long versions have fractions for them."""
    version = parse_version(text)
    assert release_at(version.key) == (version, False)
    assert release_at(after(version)) == (version, True)
    assert release_at(version.key)[0].text == text


def test_trailing_zeros_are_not_part_of_a_position() -> None:
    """`3.10.0` and `3.10` are one place."""
    assert release_at(parse_version("3.10.0").key)[0].text == "3.10"
