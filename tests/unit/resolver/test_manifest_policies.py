"""Which kinds of files may be used."""

from __future__ import annotations

import pytest

from mauve.resolver.manifest import BuildPolicy
from mauve.standards.names import PackageName

A = PackageName("a")
NAMED = frozenset((A,))


@pytest.mark.parametrize(
    ("policy", "build", "wheel"),
    [
        (BuildPolicy(), False, False),
        (BuildPolicy(no_build=True), True, False),
        (BuildPolicy(no_build=True, no_binary_packages=NAMED), False, True),
        (BuildPolicy(no_binary=True, no_build_packages=NAMED), True, False),
        (BuildPolicy(no_build=True, no_build_packages=NAMED, no_binary=True), True, True),
    ],
)
def test_what_is_said_of_a_package_excepts_it_from_the_other_rule(
    policy: BuildPolicy, *, build: bool, wheel: bool
) -> None:
    """Unless both rules are for all."""
    assert (policy.forbids_build(A), policy.forbids_wheel(A)) == (build, wheel)
