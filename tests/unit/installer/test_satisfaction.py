"""Whether requirements are met by what is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.fake_interpreters import description

from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import FromRegistry, FromUrl
from mauve.installer.inventory import InstalledDistribution, Inventory
from mauve.installer.satisfaction import is_all_installed
from mauve.standards.markers.environment import MarkerEnvironment
from mauve.standards.names import package_name
from mauve.standards.requirements import parse_requirement
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from pathlib import Path


def required(*texts: str) -> list[SourcedRequirement]:
    found: list[SourcedRequirement] = []
    for text in texts:
        requirement = parse_requirement(text)
        source = FromRegistry(requirement.specifiers) if requirement.url is None else FromUrl(requirement.url)
        found.append(SourcedRequirement(requirement.name, source, requirement.marker, requirement.extras))
    return found


@pytest.fixture
def environment(tmp_path: Path) -> MarkerEnvironment:
    """Return the markers of a Python 3.12 on Linux."""
    from msgspec import convert

    return convert(description(tmp_path / "python", "3.12.1")["markers"], MarkerEnvironment)


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    """Have `a` 1.0, which needs `b`, and with its extra `x` also `c`; `c` is not installed."""
    found = {}
    for name, version, requires in (
        ("a", "1.0", ["b>=1", "c; extra == 'x'", "d; python_version < '3'"]),
        ("b", "1.5", []),
    ):
        folder = tmp_path / f"{name}-{version}.dist-info"
        folder.mkdir()
        rows = "".join(f"Requires-Dist: {text}\n" for text in requires)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{rows}")
        key = package_name(name)
        found[key] = (InstalledDistribution(key, parse_version(version), str(folder)),)
    return Inventory(found)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("a",), True),
        (("a", "b<2"), True),
        (("b>=2",), False),
        (("a[x]",), False),
        (("z",), False),
        (("z; python_version < '3'",), True),
        (("a @ http://127.0.0.1/a-1.0.tar.gz",), False),
    ],
)
def test_requirements_are_followed_to_their_ends(
    inventory: Inventory, environment: MarkerEnvironment, texts: tuple[str, ...], expected: bool
) -> None:
    """Markers and extras decide what counts; of a direct source nothing is known."""
    assert is_all_installed(required(*texts), inventory, environment) is expected


def test_constraints_overrides_and_exclusions_count(inventory: Inventory, environment: MarkerEnvironment) -> None:
    """As they would in a resolution."""
    asked = required("a")
    assert not is_all_installed(asked, inventory, environment, constraints=required("b<1.5"))
    assert not is_all_installed(asked, inventory, environment, overrides=required("b>=2"))
    extra = required("a[x]")
    assert is_all_installed(extra, inventory, environment, excludes=[package_name("c")])


def test_a_package_that_is_installed_twice_satisfies_nobody(
    inventory: Inventory, environment: MarkerEnvironment
) -> None:
    """Such an environment is repaired."""
    name = package_name("b")
    twice = Inventory({**inventory.distributions, name: inventory.get(name) * 2})
    assert not is_all_installed(required("b"), twice, environment)
