"""What is to be installed into one environment: the outcome of choosing from a lock or of a resolution for one target.

Pure values. How it is chosen is the business of `mauve.lock.selection`; what has to be done for it, of
`mauve.installer.plan`.
"""

from __future__ import annotations

from msgspec import Struct

from mauve.distributions.files import Sdist, Wheel
from mauve.distributions.sources import Source
from mauve.standards.hashes import HashDigest
from mauve.standards.names import PackageName
from mauve.standards.versions import Version


class ResolvedDistribution(Struct, frozen=True, kw_only=True):
    """One package of the environment, with the files it may be installed from.

    Attributes:
        version: None for a source tree whose version is known only once it is built.
        wheels: candidates, in the order of the index or lockfile; the best compatible one is used.
        sdist: what is built if no wheel fits.
        hashes: digests the file must have where it is not the file that names them (a URL with a fragment,
            `--require-hashes`); files bring their own otherwise.
    """

    name: PackageName
    version: Version | None
    source: Source
    wheels: tuple[Wheel, ...] = ()
    sdist: Sdist | None = None
    hashes: tuple[HashDigest, ...] = ()


class Resolution(Struct, frozen=True):
    """Every package of one environment, each name once."""

    distributions: tuple[ResolvedDistribution, ...] = ()
