"""A package index over loopback, in a thread, with faults that can be switched on.

    with IndexServer() as server:
        server.publish("a", make_wheel("a", "1.0"))
        ...ask server.url...

Everything a test may want to change is a plain attribute; what was asked for is in `requests`.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

    from tests.support.wheel_factory import BuiltFile

JSON_TYPE = "application/vnd.pypi.simple.v1+json"


class Published(Struct, kw_only=True):
    """A file on the index. Mutable, so that a test can yank it."""

    file: BuiltFile
    upload_time: str | None = "2024-01-01T00:00:00Z"
    yanked: bool | str = False


class Request(Struct, frozen=True):
    """What was asked for; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]


class Faults:
    """What goes wrong. All fields may be changed while the server runs.

    Attributes:
        statuses: path to HTTP status answered instead of the content.
        heads: path to HTTP status answered to HEAD.
        failures: path to the number of times the connection is cut before an answer.
        unstable: path to how many answers of 503 come before the right one.
        truncated: paths whose body ends early.
        wrong_hashes: file names whose digest on the page is of something else.
        held: paths that are not answered before `release` is called.
    """

    def __init__(self) -> None:
        self.statuses: dict[str, int] = {}
        self.heads: dict[str, int] = {}
        self.failures: dict[str, int] = {}
        self.unstable: dict[str, int] = {}
        self.truncated: set[str] = set()
        self.wrong_hashes: set[str] = set()
        self.held: set[str] = set()


class IndexServer:
    """A simple index with pages, files and metadata files.

    Attributes:
        packages: name to files, in the order of the page.
        others: name of a further index, which is its path, to what it has.
        requests: what was asked for, in order.
        json: answer JSON where it is accepted; otherwise always HTML.
        sidecars: publish `.metadata` files.
        ranges: answer range requests.
        etags: send ETag and answer 304.
        compress: gzip pages where that is accepted.
        cache_control: of pages, None to send none.
        credentials: `user:password` (or a token) without which everything is 401.
        guards: start of paths to the credentials they need; `/x/simple` has the same pages as `/simple`.
        refusal: the status of an answer to who lacks them.
        redirects: path to URL.
        answers: path to headers and body that are given in place of what would be.
    """

    def __init__(
        self,
        packages: dict[str, Iterable[BuiltFile]] | None = None,
        *,
        certificate: str | None = None,
        clients: str | None = None,
    ) -> None:
        """Serve *packages*; more can be published while it runs.

        A *certificate* (PEM with its key) means HTTPS, and *clients* (PEM) that theirs have to be of that authority.
        """
        self.packages: dict[str, list[Published]] = {}
        self.others: dict[str, dict[str, list[Published]]] = {}
        for name, files in (packages or {}).items():
            for file in files:
                self.publish(name, file)
        self.requests: list[Request] = []
        self.faults = Faults()
        self.json = True
        self.sidecars = True
        self.ranges = True
        self.etags = True
        self.compress = True
        self.cache_control: str | None = "max-age=600"
        self.file_cache_control: str | None = None
        self.credentials: str | None = None
        self.guards: dict[str, str] = {}
        self.refusal = 401
        self.redirects: dict[str, str] = {}
        self.answers: dict[str, tuple[dict[str, str], bytes]] = {}
        self.connections = 0
        self._released = threading.Event()
        self.arrivals = threading.Condition()
        self._scheme = "http" if certificate is None else "https"
        self._server = _Server(self, certificate, clients)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """Return the URL of the index."""
        return f"{self.origin}/simple"

    def publish(
        self,
        name: str,
        file: BuiltFile,
        *,
        index: str = "simple",
        upload_time: str | None = "2024-01-01T00:00:00Z",
        yanked: bool | str = False,
    ) -> None:
        """Add *file* to the page of *name* on *index*."""
        packages = self.packages if index == "simple" else self.others.setdefault(index, {})
        packages.setdefault(name, []).append(Published(file=file, upload_time=upload_time, yanked=yanked))

    def file_url(self, filename: str) -> str:
        """Return where a file is."""
        return f"{self.origin}/files/{filename}"

    def paths(self, method: str | None = None) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [request.path for request in self.requests if method is None or request.method == method]

    def needed(self, path: str) -> str | None:
        """Return the value of `Authorization` that *path* needs."""
        guard = next((guard for start, guard in self.guards.items() if path.startswith(start)), self.credentials)
        if guard is None or ":" in guard:
            return None if guard is None else _basic(guard)
        return f"Bearer {guard}"

    def release(self) -> None:
        """Answer what was held back."""
        self._released.set()

    def wait_for(self, path: str, seconds: float = 30) -> None:
        """Block until somebody has asked for *path*.

        Raises:
            TimeoutError: nobody did.
        """
        with self.arrivals:
            if not self.arrivals.wait_for(lambda: path in self.paths(), seconds):
                raise TimeoutError(path)

    def wait_released(self) -> None:
        """Block until `release` (or the end of the test)."""
        self._released.wait(30)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # --- content

    def page(self, name: str, *, as_json: bool, index: str = "simple") -> bytes | None:
        """Return the page of *name* on *index*."""
        files = (self.packages if index == "simple" else self.others[index]).get(name)
        if files is None:
            return None
        return self._json_page(name, files) if as_json else self._html_page(files)

    def _digest(self, file: BuiltFile) -> str:
        return hashlib.sha256(b"other").hexdigest() if file.filename in self.faults.wrong_hashes else file.sha256

    def _json_page(self, name: str, files: list[Published]) -> bytes:
        rows: list[dict[str, object]] = []
        for published in files:
            file = published.file
            row: dict[str, object] = {
                "filename": file.filename,
                "url": self.file_url(file.filename),
                "hashes": {"sha256": self._digest(file)},
                "size": len(file.content),
                "yanked": published.yanked,
            }
            if file.requires_python:
                row["requires-python"] = file.requires_python
            if published.upload_time:
                row["upload-time"] = published.upload_time
            if self.sidecars and file.filename.endswith(".whl"):
                row["core-metadata"] = {"sha256": hashlib.sha256(file.metadata).hexdigest()}
            rows.append(row)
        return json.dumps({"meta": {"api-version": "1.1"}, "name": name, "files": rows}).encode()

    def _html_page(self, files: list[Published]) -> bytes:
        lines = ["<!DOCTYPE html>", "<html><body>"]
        for published in files:
            file = published.file
            attributes = [f'href="../../files/{file.filename}#sha256={self._digest(file)}"']
            if file.requires_python:
                attributes.append(f'data-requires-python="{html.escape(file.requires_python)}"')
            if published.yanked is not False:
                reason = published.yanked if isinstance(published.yanked, str) else ""
                attributes.append(f'data-yanked="{html.escape(reason)}"')
            if self.sidecars and file.filename.endswith(".whl"):
                attributes.append('data-dist-info-metadata="true"')
            lines.append(f"<a {' '.join(attributes)}>{file.filename}</a><br/>")
        return "\n".join([*lines, "</body></html>"]).encode()

    def file(self, filename: str) -> bytes | None:
        """Return a file or a metadata file."""
        wanted = filename.removesuffix(".metadata")
        for files in chain(self.packages.values(), *(packages.values() for packages in self.others.values())):
            for published in files:
                if published.file.filename == wanted:
                    if wanted == filename:
                        return published.file.content
                    return published.file.metadata if self.sidecars else None
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, index: IndexServer, certificate: str | None, clients: str | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)
            if clients is not None:
                self._context.verify_mode = ssl.CERT_REQUIRED
                self._context.load_verify_locations(clients)
        self.index = index
        self._open: set[object] = set()

    def get_request(self):
        connection, address = super().get_request()
        if self._context is not None:
            # The handshake is left to the thread of the connection.
            connection = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self.index.connections += 1
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address) -> None:
        """Say nothing: a client that goes away is part of many tests."""

    def server_close(self) -> None:
        # Kept connections would leave their threads waiting.
        for connection in tuple(self._open):
            try:
                connection.shutdown(2)
            except OSError:
                continue
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm = True
    statuses: ClassVar[dict[int, str]] = {}

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is inherited
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self._answer()

    def _answer(self) -> None:
        index, faults, path = self.server.index, self.server.index.faults, self.path
        headers = {name.lower(): value for name, value in self.headers.items()}
        with index.arrivals:
            index.requests.append(Request(self.command, path, headers))
            index.arrivals.notify_all()
        if path in faults.held:
            index.wait_released()
        if faults.failures.get(path, 0) > 0:
            faults.failures[path] -= 1
            self.close_connection = True
            self.connection.shutdown(2)
            return
        if faults.unstable.get(path, 0) > 0:
            faults.unstable[path] -= 1
            self._send(503, b"", {})
        elif self.command == "HEAD" and path in faults.heads:
            self._send(faults.heads[path], b"", {})
        elif path in faults.statuses:
            self._send(faults.statuses[path], b"", {})
        elif (needed := index.needed(path)) is not None and headers.get("authorization") != needed:
            self._send(index.refusal, b"", {"WWW-Authenticate": 'Basic realm="tests"'})
        elif path in index.redirects:
            self._send(302, b"", {"Location": index.redirects[path]})
        elif path in index.answers:
            headers, body = index.answers[path]
            self._send(200, body, headers)
        else:
            self._content(path, headers)

    def _content(self, path: str, headers: dict[str, str]) -> None:
        index = self.server.index
        parts = path.strip("/").split("/")
        if len(parts) == 3 and parts[1] == "simple":
            parts = parts[1:]
        extra: dict[str, str] = {}
        is_page = len(parts) == 2 and (parts[0] == "simple" or parts[0] in index.others)
        if is_page:
            as_json = index.json and JSON_TYPE in headers.get("accept", "")
            body = index.page(parts[1], as_json=as_json, index=parts[0])
            extra["Content-Type"] = JSON_TYPE if as_json else "text/html; charset=utf-8"
            if index.cache_control is not None:
                extra["Cache-Control"] = index.cache_control
        else:
            body = index.file(parts[-1]) if parts[0] == "files" else None
            extra["Content-Type"] = "application/octet-stream"
            if index.file_cache_control is not None:
                extra["Cache-Control"] = index.file_cache_control
            if index.ranges:
                extra["Accept-Ranges"] = "bytes"
        if body is None:
            self._send(404, b"", {})
            return
        if index.etags:
            extra["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if headers.get("if-none-match") == extra["ETag"]:
                self._send(304, b"", extra)
                return
        wanted = headers.get("range", "")
        if parts[0] == "files" and index.ranges and wanted.startswith("bytes="):
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, stop = (int(first), min(int(last) + 1, len(body))) if first else (len(body) - int(last), len(body))
            extra["Content-Range"] = f"bytes {start}-{stop - 1}/{len(body)}"
            self._send(206, body[start:stop], extra)
            return
        if is_page and index.compress and "gzip" in headers.get("accept-encoding", ""):
            body = gzip.compress(body)
            extra["Content-Encoding"] = "gzip"
        self._send(200, body, extra)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.path in self.server.index.faults.truncated:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            return
        self.wfile.write(body)


def _basic(credentials: str) -> str:
    return f"Basic {base64.b64encode(credentials.encode()).decode()}"
