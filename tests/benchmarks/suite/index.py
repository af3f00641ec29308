"""A package index on loopback that keeps what it has served: the same network for every program, at a chosen pace.

What is not stored yet comes from the index behind it (`--upstream`) once. Pages are stored as they came, JSON or
HTML, and served in either form with the places of files rewritten to this server. `GET /pace?latency=50` sets the
milliseconds before every answer, twice that before the first of a connection; `GET /count` returns the requests
since the last `GET /count`. A list of all projects is not served. HTTP/1.1 without TLS only.

    python -m tests.benchmarks.suite.index --upstream URL --store FOLDER
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import html
import json
import os
import re
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

JSON: Final = "application/vnd.pypi.simple.v1+json"
FRESH_SECONDS: Final = 7200  # pages; longer than a benchmark, so that a warm cache asks for nothing
SMALL: Final = 8 << 20  # bodies up to this size stay in memory


class Absent(Exception):
    """The index behind this one does not have it."""


class Answer(NamedTuple):
    """A representation that can be sent: its headers without the status line, its bytes or the file with them."""

    headers: bytes
    body: bytes
    etag: str
    path: Path | None = None


class Store:
    """Pages and files on disk, fetched from *upstream* when they are wanted for the first time."""

    def __init__(self, root: Path, upstream: str) -> None:
        self.url = ""  # of this server: like PyPI's, its pages have whole URLs
        self._root = root
        self._upstream = upstream
        self._origins: dict[tuple[str, str], str] = {}
        self._fetching: dict[str, asyncio.Future[None]] = {}

    async def page(self, project: str) -> dict[str, Any]:
        """Return the page of *project*; the URL of each file is one of this server."""
        url = f"{self._upstream}{project}/"
        path = await self._stored(f"pages/{project}", url, f"{JSON}, text/html;q=0.1")
        page = _read_page(project, await asyncio.to_thread(path.read_text, encoding="utf-8"))
        for file in page["files"]:
            self._origins[project, file["filename"]] = urljoin(url, file["url"])
            file["url"] = f"{self.url}/files/{project}/{quote(file['filename'])}"
        return page

    async def file(self, project: str, name: str) -> Path:
        """Return the stored file *name* of *project*, or the metadata of a wheel (`name` ends in `.metadata`)."""
        whole = name.removesuffix(".metadata")
        if (project, whole) not in self._origins:
            await self.page(project)
        if (project, whole) not in self._origins:
            raise Absent(name)
        url = self._origins[project, whole] + name[len(whole) :]
        try:
            return await self._stored(f"files/{project}/{name}", url, "*/*")
        except Absent:
            if not whole.endswith(".whl") or name == whole:
                raise
        wheel = await self.file(project, whole)
        return await asyncio.to_thread(_extract_metadata, wheel, wheel.with_name(f"{whole}.metadata"))

    async def _stored(self, key: str, url: str, accept: str) -> Path:
        path = self._root / key
        missing = path.with_name(f"{path.name}.missing")
        if not path.exists() and not missing.exists():
            if key not in self._fetching:
                self._fetching[key] = asyncio.ensure_future(asyncio.to_thread(_fetch, url, accept, path, missing))
            await asyncio.shield(self._fetching[key])
            self._fetching.pop(key, None)
        if not path.exists():
            raise Absent(key)
        return path


def _read_page(project: str, text: str) -> dict[str, Any]:
    """Return the page as the JSON form has it; every wheel is said to have metadata beside it."""
    if text.startswith("{"):
        page: dict[str, Any] = json.loads(text)
    else:
        files: list[dict[str, Any]] = []
        for marks, name in re.findall(r"<a\s([^>]*)>([^<]*)</a>", text):
            marked = {key: html.unescape(value) for key, value in re.findall(r'([\w-]+)="([^"]*)"', marks)}
            url, _, digest = marked["href"].partition("#")
            file = {"filename": name.strip(), "url": url, "hashes": dict([digest.split("=")]) if digest else {}}
            for key in ("requires-python", "upload-time"):
                if f"data-{key}" in marked:
                    file[key] = marked[f"data-{key}"]
            if "data-yanked" in marks:
                file["yanked"] = marked.get("data-yanked") or True
            files.append(file)
        page = {"meta": {"api-version": "1.1"}, "name": project, "files": files}
    for file in page["files"]:
        if file["filename"].endswith(".whl"):
            file["core-metadata"] = file.get("core-metadata") or True
    return page


def _extract_metadata(wheel: Path, target: Path) -> Path:
    """Write the metadata inside *wheel* to *target*, for a wheel without metadata beside it."""
    with zipfile.ZipFile(wheel) as archive:
        found = [name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        target.write_bytes(archive.read(found[0]))
    return target


def _fetch(url: str, accept: str, path: Path, missing: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    for attempt in range(4):
        try:
            request = urllib.request.Request(url, headers={"Accept": accept, "User-Agent": "mauve-benchmarks"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                part.write_bytes(answer.read())
            os.replace(part, path)
            break
        except urllib.error.HTTPError as error:
            if error.code in {403, 404, 410}:
                missing.touch()
                break
        except OSError:
            if attempt == 3:
                raise


class Site:
    """What the server answers: finds representations, and keeps the small ones ready to be sent."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ready: dict[tuple[str, bool], Answer] = {}
        self.latency = 0.0
        self.requests = 0

    async def find(self, target: str, *, as_json: bool) -> Answer:
        """Return the representation of the path *target*; `as_json` chooses between the two forms of a page."""
        key = (target, as_json)
        if key not in self._ready:
            parts = unquote(urlsplit(target).path).strip("/").split("/")
            if parts[0] == "simple" and len(parts) == 2:
                page = await self._store.page(re.sub(r"[-_.]+", "-", parts[1]).lower())
                self._ready[key] = _page_answer(page, as_json=as_json)
            elif parts[0] == "files" and len(parts) == 3:
                self._ready[key] = _file_answer(await self._store.file(parts[1], parts[2]))
            else:
                raise Absent(target)
        return self._ready[key]

    def control(self, target: str) -> bytes:
        """Change the pace, or return and reset the number of requests."""
        address = urlsplit(target)
        if address.path == "/pace":
            self.latency = float(parse_qs(address.query)["latency"][0]) / 1000
        requests, self.requests = self.requests, 0
        return str(requests).encode()


def _page_answer(page: dict[str, Any], *, as_json: bool) -> Answer:
    text = json.dumps(page, separators=(",", ":")) if as_json else _html_page(page)
    kind = JSON if as_json else "text/html; charset=utf-8"
    return _answer(
        gzip.compress(text.encode(), 6, mtime=0),
        f"Content-Type: {kind}",
        f"Cache-Control: max-age={FRESH_SECONDS}, public",
        "Content-Encoding: gzip",
        "Vary: Accept",
    )


def _html_page(page: dict[str, Any]) -> str:
    lines = ["<!DOCTYPE html><title>Links</title>"]
    for file in page["files"]:
        digest = "".join(f"#{name}={value}" for name, value in list(file["hashes"].items())[:1])
        marks = f'href="{file["url"]}{digest}"'
        for key in ("requires-python", "yanked"):
            if file.get(key):
                marks += f' data-{key}="{html.escape(str(file[key]))}"'
        if file.get("core-metadata"):
            marks += ' data-core-metadata="true"'
        lines.append(f"<a {marks}>{file['filename']}</a><br>")
    return "\n".join(lines)


def _file_answer(path: Path) -> Answer:
    size = path.stat().st_size
    kind = ("Content-Type: application/octet-stream", "Cache-Control: max-age=31536000, immutable, public")
    if size <= SMALL:
        return _answer(path.read_bytes(), *kind, "Accept-Ranges: bytes")
    etag = f'"{path.name}"'
    lines = (*kind, "Accept-Ranges: bytes", f"ETag: {etag}", f"Content-Length: {size}")
    return Answer("\r\n".join(lines).encode(), b"", etag, path)


def _answer(body: bytes, *lines: str) -> Answer:
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    return Answer("\r\n".join((*lines, f"ETag: {etag}", f"Content-Length: {len(body)}")).encode(), body, etag)


class Connection(asyncio.Protocol):
    """One connection of a client; requests on it are answered in order."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._received = b""
        self._waiting: list[bytes] = []
        self._task: asyncio.Task[None] | None = None
        self._first = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop answering."""
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Take whole request heads from what has arrived; requests have no bodies here."""
        *heads, self._received = (self._received + data).split(b"\r\n\r\n")
        self._waiting += heads
        if self._waiting and self._task is None:
            self._task = asyncio.ensure_future(self._answer_all())

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                await self._answer(self._waiting.pop(0))
        finally:
            self._task = None

    async def _answer(self, head: bytes) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if target.startswith(("/pace", "/count")):
            body = self._site.control(target)
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            return
        self._site.requests += 1
        if self._site.latency:
            await asyncio.sleep(self._site.latency * (2 if self._first else 1))
        self._first = False
        try:
            answer = await self._site.find(target, as_json=JSON in headers.get("accept", ""))
        except (Absent, OSError):
            self._transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        if answer.etag in headers.get("if-none-match", ""):
            kept = b"\r\n".join(line for line in answer.headers.split(b"\r\n") if not line.startswith(b"Content-"))
            self._transport.write(b"HTTP/1.1 304 Not Modified\r\n%b\r\n\r\n" % kept)
        elif "range" in headers and b"Accept-Ranges" in answer.headers:
            self._send_part(answer, headers["range"], method)
        else:
            self._transport.write(b"HTTP/1.1 200 OK\r\n%b\r\n\r\n" % answer.headers)
            if method != "HEAD":
                await self._send_body(answer)

    async def _send_body(self, answer: Answer) -> None:
        if answer.path is None:
            self._transport.write(answer.body)
            return
        with answer.path.open("rb") as file:
            await asyncio.get_running_loop().sendfile(self._transport, file)

    def _send_part(self, answer: Answer, wanted: str, method: str) -> None:
        body = answer.body if answer.path is None else answer.path.read_bytes()
        begin, _, end = wanted.removeprefix("bytes=").partition("-")
        start = int(begin) if begin else max(0, len(body) - int(end))
        stop = min(len(body), int(end) + 1) if begin and end else len(body)
        kept = b"\r\n".join(line for line in answer.headers.split(b"\r\n") if not line.startswith(b"Content-Length"))
        span = b"Content-Range: bytes %d-%d/%d\r\nContent-Length: %d" % (start, stop - 1, len(body), stop - start)
        self._transport.write(b"HTTP/1.1 206 Partial Content\r\n%b\r\n%b\r\n\r\n" % (kept, span))
        if method != "HEAD":
            self._transport.write(body[start:stop])


async def serve(store: Store, port: int) -> None:
    """Serve until the process is ended; the URL is the one line of output."""
    site = Site(store)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(site), "127.0.0.1", port, backlog=512)
    store.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    sys.stdout.write(f"{store.url}/simple/\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--upstream", required=True, metavar="URL", help="the simple API behind this one")
    parser.add_argument("--store", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--port", type=int, default=0, help="any free one by default")
    options = parser.parse_args()
    asyncio.run(serve(Store(options.store, options.upstream), options.port))
