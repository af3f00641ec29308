"""Laws of judging the files of a version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from mauve.distributions.index import Index
from mauve.index.json_pages import cut_json_page
from mauve.index.listing import StoredListing, listing_of
from mauve.resolver.judgements import FileJudge, Usable
from mauve.resolver.manifest import BuildPolicy
from mauve.standards.names import package_name
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from mauve.resolver.judgements import Unusable

A = package_name("a")
INDEX = Index(url="http://host/simple")
PYTHON = RequiresPython.from_specifiers(parse_specifiers(">=3.9"))
TAGS = ("py3-none-any", "cp38-cp38-win32", "cp312-cp312-manylinux_2_28_x86_64", "py2-none-any")
NAMES = (
    *(f"a-1.0-{tags}.whl" for tags in TAGS),
    *(f"a-1.0-{build}-{tags}.whl" for build in ("1", "10", "2b") for tags in TAGS[:2]),
    *("A-1.0-cp313-cp313-win32.whl", "a-1.0-b1-py3-none-any.whl", "a-1.0-py3-none.whl", "a-1.0.0-py3-none-any.whl"),
    *("a-1.0.tar.gz", "a-1.0.zip", "a-1.0.tar.bz2", "a-1.0.exe"),
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "yanked": st.sampled_from([False, True, "", "broken"]),
        "upload-time": st.sampled_from(["1970-01-01T00:00:04Z", "1970-01-01T00:00:06.5Z"]),
        "requires-python": st.sampled_from([">=3.8", ">=3.13", ">=3.8.*", ">=?"]),
    },
)


class _Decoded(StoredListing):
    """A listing whose files always have to be decoded."""

    def outline(self, place: int, before: int | None) -> None:
        """Return nothing."""


def _told(judgement: Usable | Unusable | None) -> object:
    """Return all that a judgement says."""
    if judgement is None:
        return None
    if not isinstance(judgement, Usable):
        return judgement.reason
    first = (judgement.artifact, judgement.metadata_from, judgement.files())
    return (*first, judgement.is_built_anywhere, judgement.platforms(), judgement.serves_before(4))


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), FIELDS), min_size=1, max_size=8),
    st.sampled_from([None, 5000]),
    st.sampled_from([BuildPolicy(), BuildPolicy(no_build=True), BuildPolicy(no_binary=True)]),
    st.booleans(),
)
@example([("a-1.0-cp38-cp38-win32.whl", {})], None, BuildPolicy(), False)
@example([("a-1.0-1-py3-none-any.whl", {}), ("a-1.0-10-py3-none-any.whl", {})], None, BuildPolicy(), False)
def test_names_of_files_tell_what_the_files_tell(
    files: list[tuple[str, dict[str, object]]], cutoff: int | None, policy: BuildPolicy, keeps_yanked: bool
) -> None:
    """A version is judged by the outline of its files as it is when all of them are decoded."""
    rows = [
        {"filename": name, "url": f"http://host/{place}/{name}", "hashes": {}, **more}
        for place, (name, more) in enumerate(files)
    ]
    page = cut_json_page(json.dumps({"files": rows}).encode(), "http://host/simple/a/")
    new = listing_of(page, INDEX, A)
    listing, decoded = [kind(INDEX, A, new._head, new._rows) for kind in (StoredListing, _Decoded)]
    allowed = (parse_version("1.0"),) if keeps_yanked else ()
    judge = FileJudge(PYTHON, policy, (), allowed, cutoff, A)
    for place in range(len(listing.keys)):
        assert _told(judge.judge(listing, place)) == _told(judge.judge(decoded, place))
