"""Positions of versions."""

from __future__ import annotations

import sys

import pytest

from mauve.standards.positions import release_at
from mauve.standards.versions import InvalidVersion, after, derived_version, parse_version


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


@pytest.mark.parametrize("form", ["{}", "1.{}.0", "{}!1", "1a{}", "1.0beta-{}", "1.post{}", "1.dev{}+x"])
def test_numbers_of_versions_leave_room_for_one_more_in_64_bits(form: str) -> None:
    """As in uv; what was computed from a version may be the one above, and local segments are of any size."""
    largest = 2**64 - 2
    assert parse_version(form.format(largest)) > parse_version(form.format(largest - 1))
    for number in (str(largest + 1), "9" * 5000):
        with pytest.raises(InvalidVersion) as caught:
            parse_version(form.format(number))
        reason = f'expected number less than or equal to {largest}, but number found in "{number}" exceeds it'
        assert caught.value.reason == reason
    assert derived_version(f"{largest + 1}.dev0") > parse_version(str(largest))
    assert parse_version(f"1+{largest + 2}").is_local


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("5.0.0.b17", "5.0.0b17"),
        ("6.0.0.beta17", "6.0.0b17"),
        ("6.0.0-rc17", "6.0.0rc17"),
        ("1.0.0_dev17", "1.0.0.dev17"),
        ("2.0.1_pre17", "2.0.1rc17"),
        ("0.8.17-final0", None),
        ("1.17.x", None),
    ],
)
def test_spellings_of_old_releases_need_no_library(
    text: str, normal: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its import would take longer than the whole page that has one of them."""
    monkeypatch.setitem(sys.modules, "packaging.version", None)
    if normal is None:
        with pytest.raises(InvalidVersion):
            parse_version(text)
    else:
        assert parse_version(text).text == normal
