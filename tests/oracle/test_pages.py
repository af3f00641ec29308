"""Pages of every quality: uv and mauve find the same files on them, and refuse the same pages."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import zlib
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.index_server import JSON_TYPE, IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.oracle

OLD, NEW = make_wheel("a", "1.0"), make_wheel("a", "2.0")
OTHER = make_wheel("b", "1.0")
MD5 = "0f" * 16
LINK = f'<a href="/files/{OLD.filename}">x</a>'
NEW_LINK = f'<a href="/files/{NEW.filename}">x</a>'

ANCHORS = {
    "a query": f'<a href="/files/{OLD.filename}?x=1&amp;y=2">x</a>',
    "no URL": '<a href="http://[x/a-2.0-py3-none-any.whl">x</a>',
    "another package": f'<a href="/files/{OTHER.filename}">x</a>{LINK}',
    "in a comment": f"<!-- {NEW_LINK} -->{LINK}",
    "in a script": f"<script>var x = '{NEW_LINK}';</script>{LINK}",
    "Python, unreadable": f'{LINK}<a href="/files/{NEW.filename}" data-requires-python="soon">x</a>',
    "Python, nearly readable": f'{LINK}<a href="/files/{NEW.filename}" data-requires-python="&gt;=3.99.*">x</a>',
    "a base": f'<base href="{{origin}}/files/"><a href="{OLD.filename}">x</a>',
    "a relative base": f'<base href="/files/"><a href="{OLD.filename}">x</a>',
    "a path in the name": '<a href="/files/a-2.0-..%2f..%2fx-none-any.whl">x</a>' + LINK,
    "a file of this machine": '<a href="file:///nowhere/a-1.0-py3-none-any.whl">x</a>',
    "a promise that is broken": f'<a href="/files/{OLD.filename}" data-core-metadata="true">x</a>',
    **{
        f"#{fragment}": f'<a href="/files/{OLD.filename}#{fragment}">x</a>'
        for fragment in (
            f"sha256={OLD.sha256.upper()}",
            f"SHA256={OLD.sha256}",
            f"sha256%3D{OLD.sha256}",
            f"sha256={OLD.sha256}&egg=a",
            f"egg=a&sha256={OLD.sha256}",
            f"md5={MD5}",
            f"sha1={MD5}00000000",
            "sha256=0f",
            f"sha256={'z' * 64}",
            "egg=a",
            "egg",
        )
    },
}

ROWS = {
    "no hashes": {"hashes": None},
    "an unknown hash": {"hashes": {"sha3_256": "0" * 64, "sha256": OLD.sha256}},
    "a hash in capitals": {"hashes": {"sha256": OLD.sha256.upper()}},
    "a hash of capitals": {"hashes": {"SHA256": OLD.sha256}},
    "a short hash": {"hashes": {"sha256": "0f"}},
    "a hash that is none": {"hashes": {"sha256": "z" * 64}},
    "a hash that is missing": {"hashes": {"sha256": None}},
    "no size": {"size": None},
    "a negative size": {"size": -1},
    "a size in words": {"size": "5"},
    "yanked": {"yanked": True},
    "yanked for a reason": {"yanked": "broken"},
    "yanked without a reason": {"yanked": ""},
    "neither yanked nor not": {"yanked": None},
    "yanked in numbers": {"yanked": 1},
    "a time that is none": {"upload-time": "soon"},
    "Python in numbers": {"requires-python": 3},
    "Python, unreadable": {"requires-python": "soon"},
    "Python, nearly readable": {"requires-python": ">=3.99.*"},
    "no URL": {"url": "http://["},
    "a relative URL": {"url": f"../../files/{NEW.filename}"},
    "an empty promise": {"core-metadata": {}},
    "a promise taken back": {"core-metadata": False, "dist-info-metadata": True},
    "a promise in words": {"core-metadata": "true"},
    "a promise under an old name": {"data-dist-info-metadata": True},
    **{
        f"name {filename}": {"filename": filename}
        for filename in (
            "b-2.0-py3-none-any.whl",
            "../../a-2.0-py3-none-any.whl",
            "a-2.0-py3-none-x/y.whl",
            "a-2.0-py3-none-any\0.whl",
            "a-2.0-py3-none-.whl",
            "a-2.0-py\u00e9-none-any.whl",
            "a-2.0-1/2-py3-none-any.whl",
            "A-2.0-py3-none-any.whl",
        )
    },
}

JSON = json.dumps(
    {"files": [{"filename": OLD.filename, "url": f"/files/{OLD.filename}", "hashes": {}}], "meta": {}, "name": "a"}
).encode()

HEADERS: dict[str, tuple[dict[str, str], bytes]] = {
    "JSON": ({"Content-Type": JSON_TYPE}, JSON),
    "JSON of tomorrow": ({"Content-Type": "application/vnd.pypi.simple.v2+json"}, JSON),
    "any JSON": ({"Content-Type": "application/json; charset=utf-8"}, JSON),
    "JSON in capitals": ({"Content-Type": JSON_TYPE.upper()}, JSON),
    "plain text": ({"Content-Type": "text/plain"}, JSON),
    "not said": ({}, JSON),
    "gzip": ({"Content-Type": JSON_TYPE, "Content-Encoding": "gzip"}, gzip.compress(JSON)),
    "deflate": ({"Content-Type": JSON_TYPE, "Content-Encoding": "deflate"}, zlib.compress(JSON)),
    "gzip, cut": ({"Content-Type": JSON_TYPE, "Content-Encoding": "gzip"}, gzip.compress(JSON)[:-12]),
    "gzip that is none": ({"Content-Type": JSON_TYPE, "Content-Encoding": "gzip"}, JSON),
    "br that was not asked for": ({"Content-Type": JSON_TYPE, "Content-Encoding": "br"}, b"\x8b\x01\x80"),
    "an encoding that does not exist": ({"Content-Type": JSON_TYPE, "Content-Encoding": "none"}, JSON),
}


@pytest.fixture(scope="module")
def server() -> Iterator[IndexServer]:
    with IndexServer({"a": [OLD, NEW], "c": [OTHER]}) as running:
        running.sidecars = False
        yield running


def compare(server: IndexServer, folder: Path) -> None:
    """Lock with both; causes are in the words of two different parsers, so only what they are causes of is compared."""
    seen = []
    for program in ([oracle_uv()], [*CommandLine.program]):
        line = CommandLine(folder / os.path.basename(program[0]), server)
        line.write_project("a")
        done = subprocess.run(
            [*program, "lock"], cwd=line.project, env=line.variables, capture_output=True, text=True, check=False
        )
        errors = [text for text in done.stderr.splitlines() if text.startswith("error: ")]
        lock = (line.project / "uv.lock").read_text() if (line.project / "uv.lock").exists() else ""
        seen.append((done.returncode, errors, lock))
    assert seen[1] == seen[0]


PLACES = (
    "",
    "/",
    "//",
    "/?x=1",
    "/simple?x=1",
    "/simple/?x=1",
    "/simple#x",
    "/x/../simple",
    "/a b",
    "/\u00e4",
    "/|",
    "/%7e",
)


@pytest.mark.parametrize("typed", [False, True], ids=["declared", "typed"])
@pytest.mark.parametrize("place", PLACES)
def test_an_index_is_asked_and_locked_in_one_spelling(
    place: str, typed: bool, server: IndexServer, tmp_path: Path
) -> None:
    """Whatever the spelling of its URL."""
    server.answers = {}
    url = f"{server.origin.replace('127.0.0.1', 'LOCALHOST')}{place}"
    seen = []
    for program in ([oracle_uv()], [*CommandLine.program]):
        line = CommandLine(tmp_path / os.path.basename(program[0]), server)
        del line.variables["UV_DEFAULT_INDEX"]
        line.write_project("a", rest="" if typed else f'\n[[tool.uv.index]]\nurl = "{url}"\ndefault = true\n')
        server.requests.clear()
        words = ["--default-index", url] if typed else []
        subprocess.run([*program, "lock", *words], cwd=line.project, env=line.variables, check=False)
        path = line.project / "uv.lock"
        seen.append((server.paths(), path.read_text() if path.exists() else ""))
    assert seen[1] == seen[0]


@pytest.mark.parametrize("name", ANCHORS)
def test_links_lead_to_the_same_files(name: str, server: IndexServer, tmp_path: Path) -> None:
    """What is no link, or none to a file of the package, is passed over; what cannot be is refused."""
    page = ANCHORS[name].replace("{origin}", server.origin)
    server.answers = {"/simple/a/": ({"Content-Type": "text/html"}, f"<html><body>{page}</body></html>".encode())}
    compare(server, tmp_path)


@pytest.mark.parametrize("name", ROWS)
def test_rows_mean_the_same_files(name: str, server: IndexServer, tmp_path: Path) -> None:
    """One row is as it should be, and one of a later version is not."""
    good, odd = [
        {
            "filename": file.filename,
            "url": server.file_url(file.filename),
            "hashes": {"sha256": file.sha256},
            "upload-time": "2024-01-01T00:00:00Z",
        }
        for file in (OLD, NEW)
    ]
    page = {"meta": {"api-version": "1.1"}, "name": "a", "files": [good, {**odd, **ROWS[name]}]}
    server.answers = {"/simple/a/": ({"Content-Type": JSON_TYPE}, json.dumps(page).encode())}
    compare(server, tmp_path)


@pytest.mark.parametrize("name", HEADERS)
def test_the_same_answers_are_pages(name: str, server: IndexServer, tmp_path: Path) -> None:
    """Types and encodings."""
    server.answers = {"/simple/a/": HEADERS[name]}
    compare(server, tmp_path)
