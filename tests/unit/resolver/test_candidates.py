"""Which versions may be chosen."""

from __future__ import annotations

import json

from mauve.distributions.index import Index, IndexFormat
from mauve.index.json_pages import cut_json_page
from mauve.index.listing import listing_of
from mauve.resolver.candidates import cutoff_for
from mauve.resolver.judgements import FileJudge, ListingTable
from mauve.resolver.manifest import BuildPolicy, ExcludeNewer
from mauve.standards.cutoffs import Cutoff
from mauve.standards.names import package_name
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.versions import parse_version


def test_files_of_flat_indexes_are_not_cut_off() -> None:
    """They carry no upload time, so a cut-off would leave none."""
    newer = ExcludeNewer(everything=Cutoff(1000, "1970-01-01T00:00:01Z"))
    name = package_name("tqdm")
    assert cutoff_for(newer, name, Index(url="file:///links", format=IndexFormat.FLAT)) is None
    assert cutoff_for(newer, name, Index(url="http://host/simple")) == 1000


def test_neighbours_behind_the_cut_off_do_not_count() -> None:
    """A version stands for everything up to the next one that exists; of that one no file has to be read."""
    name = package_name("a")
    rows = [
        {
            "filename": f"a-{version}.zip",
            "url": f"http://host/a-{version}.zip",
            "hashes": {},
            "upload-time": f"1970-01-01T00:00:{at}Z",
        }
        for version, at in (("1", "01"), ("2", "09"), ("3", "02"), ("4", "03"))
    ]
    page = cut_json_page(json.dumps({"files": rows}).encode(), "http://host/simple/a/")
    python = RequiresPython.from_specifiers(parse_specifiers(">=3.11"))
    judge = FileJudge(python, BuildPolicy(), (), (), 5000, name)
    table = ListingTable(listing_of(page, Index(url="http://host/simple"), name), judge)
    versions = table.widened(parse_version("3"))
    assert [text for text in ("1", "1.5", "2", "3", "3.5", "4") if parse_version(text) in versions] == [
        "1.5",
        "2",
        "3",
        "3.5",
    ]
