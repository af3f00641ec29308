"""Pages of the simple API."""

from __future__ import annotations

import json
from urllib.parse import urljoin

import pytest

from mauve.distributions.files import File
from mauve.index.html_pages import cut_html_page
from mauve.index.json_pages import cut_json_page
from mauve.index.row_values import milliseconds
from mauve.index.rows import InvalidPage
from mauve.index.simple import UnknownContentType, cut_page, read_page
from mauve.standards.hashes import HashDigest

URL = "https://host.test/simple/a/"
FILE = {"filename": "a-1.0-py3-none-any.whl", "url": "https://files.test/a-1.0-py3-none-any.whl", "hashes": {}}


DIGEST = "0f" * 32


def json_row(**fields) -> File:
    """Return the row of a page with one file."""
    return read_page(cut_json_page(json.dumps({"files": [{**FILE, **fields}]}).encode(), URL))[0]


def html_row(anchor: str) -> File:
    """Return the row of a page with one anchor."""
    return read_page(cut_html_page(f"<!DOCTYPE html><html><body>{anchor}</body></html>".encode(), URL))[0]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, False),
        ({"core-metadata": True}, True),
        ({"core-metadata": {"sha256": "0"}}, True),
        ({"dist-info-metadata": True}, True),
        ({"core-metadata": False, "dist-info-metadata": True}, False),
    ],
)
def test_metadata_files_have_two_spellings(fields: dict[str, object], expected: bool) -> None:
    """The newer one decides (PEP 714)."""
    assert json_row(**fields).has_metadata is expected


@pytest.mark.parametrize(("value", "expected"), [(False, None), (True, ""), ("broken", "broken"), ("", "")])
def test_yanked_has_a_reason_or_not(value: object, expected: str | None) -> None:
    """PEP 592 in JSON: a boolean or a text."""
    assert json_row(yanked=value).yanked == expected


def test_urls_are_absolute_and_have_no_fragment() -> None:
    """But are otherwise left as they are."""
    assert json_row(url="../../files/a%2Bb.whl?x=1#sha256=0").url == "https://host.test/files/a%2Bb.whl?x=1"


@pytest.mark.parametrize(
    "url",
    ["/f/a.whl", "/f/../a.whl", "/./a.whl", "//files.test/a.whl", "/f//a.whl", "a.whl", "?a.whl", "/.a/a.whl", "/"],
)
def test_relative_urls_are_joined_as_the_standard_says(url: str) -> None:
    """Whole paths have a way of their own, because they are common and the general way is slow."""
    assert json_row(url=url).url == urljoin(URL, url)


def test_unknown_fields_are_passed_over() -> None:
    """The standard grows."""
    assert json_row(provenance={"x": [1]}, size=12).size == 12


@pytest.mark.parametrize("body", [b"", b"{", b'{"files": [{}]}', b"[]"])
def test_what_is_not_a_page_is_refused(body: bytes) -> None:
    """An error page with the wrong type must not look like a package without files."""
    with pytest.raises(InvalidPage):
        cut_json_page(body, URL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:01Z", 1000),
        ("1970-01-01T00:00:00.123999Z", 123),
        ("1970-01-01T01:00:00+01:00", 0),
        ("yesterday", None),
    ],
)
def test_times_become_milliseconds(text: str, expected: int | None) -> None:
    """Cut, as the lockfile writes them."""
    assert milliseconds(text) == expected


def test_an_html_anchor_carries_everything() -> None:
    """Quotes, entities and blanks as people write them."""
    row = html_row(
        f"<A HREF='../../files/a-1.0.tar.gz#sha256={DIGEST}' data-requires-python=\"&gt;=3.8, &lt;4\"\n"
        'data-yanked="bad > worse" data-upload-time=1970-01-01T00:00:01Z data-dist-info-metadata="sha256=1">a</A>'
    )
    assert row == File(
        filename="a-1.0.tar.gz",
        url="https://host.test/files/a-1.0.tar.gz",
        hashes=(HashDigest.parse(f"sha256:{DIGEST}"),),
        upload_time=1000,
        requires_python=">=3.8, <4",
        yanked="bad > worse",
        has_metadata=True,
    )


def test_a_base_element_moves_relative_links() -> None:
    """Mirrors set it."""
    page = b'<html><head><base href="https://other.test/x/"></head><body><a href="a-1.zip">a</a></body></html>'
    assert read_page(cut_html_page(page, URL))[0].url == "https://other.test/x/a-1.zip"


def test_file_names_are_decoded_and_urls_are_not() -> None:
    """`+` in local versions is often escaped."""
    row = html_row('<a href="a-1.0%2Bcpu-py3-none-any.whl">a</a>')
    assert (row.filename, row.url.rpartition("/")[2]) == ("a-1.0+cpu-py3-none-any.whl", "a-1.0%2Bcpu-py3-none-any.whl")


def test_a_yank_without_reason_is_a_yank() -> None:
    """The attribute alone counts."""
    assert html_row('<a data-yanked href="a-1.zip">a</a>').yanked == ""


def test_anchors_without_file_are_passed_over() -> None:
    """Navigation."""
    assert cut_html_page(b'<a name="top">x</a><a href="../">up</a><abbr title="x">y</abbr>', URL).rows == []


@pytest.mark.parametrize(
    ("content_type", "works"),
    [
        ("application/vnd.pypi.simple.v1+json", True),
        ("application/vnd.pypi.simple.v1+json; charset=utf-8", True),
        ("application/json", False),
        ("application/octet-stream", False),
        ("", False),
    ],
)
def test_the_content_type_decides(content_type: str, works: bool) -> None:
    """Guessing from the content would accept error pages."""
    if works:
        assert cut_page(b'{"files": []}', content_type, URL).rows == []
    else:
        with pytest.raises(UnknownContentType):
            cut_page(b'{"files": []}', content_type, URL)


def test_a_file_without_a_place_is_noticed_when_it_is_read() -> None:
    """Cutting does not look at URLs."""
    page = cut_json_page(b'{"files": [{"filename": "a-1.zip"}]}', URL)
    with pytest.raises(InvalidPage):
        read_page(page)


def test_unknown_hashes_are_left_out() -> None:
    """The known ones are enough to check a file."""
    file = json_row(hashes={"future": "12", "md5": DIGEST[:32], "sha256": DIGEST.upper()})
    assert [str(digest) for digest in file.hashes] == [f"md5:{DIGEST[:32]}", f"sha256:{DIGEST}"]


@pytest.mark.parametrize(
    "anchor",
    [
        '<a href="a-1.zip" data-yanked="x &gt; &quot;y&quot;" data-requires-python="&gt;=3">a</a>',
        "<a href='a-1.zip' data-yanked='x > \"y\"' data-requires-python='>=3'>a</a>",
        '<a href=a-1.zip data-yanked=\'x &gt; "y"\' DATA-REQUIRES-PYTHON = "&#62;=3" >a</a>',
        '<a href="a-1.zip" data-yanked="x &gt; &#34;y&#34;" data-yanked="z" data-requires-python=">=3">a</a>',
    ],
)
def test_the_way_of_quoting_changes_nothing(anchor: str) -> None:
    """Values in double quotes take a way of their own; the first of two attributes of one name counts."""
    row = html_row(anchor)
    assert (row.filename, row.yanked, row.requires_python) == ("a-1.zip", 'x > "y"', ">=3")


def test_an_escaped_ampersand_begins_nothing() -> None:
    """`&amp;gt;` is the text of an entity."""
    assert html_row('<a href="a-1.zip" data-yanked="&amp;gt; &gt;">a</a>').yanked == "&gt; >"
