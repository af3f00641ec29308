"""Which versions may be chosen."""

from __future__ import annotations

from mauve.distributions.index import Index, IndexFormat
from mauve.resolver.candidates import cutoff_for
from mauve.resolver.manifest import ExcludeNewer
from mauve.standards.cutoffs import Cutoff
from mauve.standards.names import package_name


def test_files_of_flat_indexes_are_not_cut_off() -> None:
    """They carry no upload time, so a cut-off would leave none."""
    newer = ExcludeNewer(everything=Cutoff(1000, "1970-01-01T00:00:01Z"))
    name = package_name("tqdm")
    assert cutoff_for(newer, name, Index(url="file:///links", format=IndexFormat.FLAT)) is None
    assert cutoff_for(newer, name, Index(url="http://host/simple")) == 1000
