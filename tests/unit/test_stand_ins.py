"""click, msgspec, tomlkit and httpx without the modules that cost as much as they do."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TypeGuard

import anyio
import pytest

from mauve.network.lean_anyio import _places

SOURCE = Path(__file__).parents[2] / "src"

LEFT_OUT = [
    ("cli.lean_click", "inspect"),
    ("cli.lean_msgspec", "inspect"),
    ("cli.lean_msgspec", "typing_extensions"),
    ("cli.lean_msgspec", "msgspec.inspect"),
    ("cli.lean_msgspec", "msgspec._json_schema"),
    ("cli.lean_msgspec", "uuid"),
    ("cli.lean_msgspec", "decimal"),
    ("standards.lean_tomllib", "tomllib._re"),
    ("standards.lean_tomllib", "string"),
    ("project.editing.lean_tomlkit", "dataclasses"),
    ("project.editing.lean_tomlkit", "inspect"),
    ("project.editing.lean_tomlkit", "copy"),
    ("project.editing.lean_tomlkit", "math"),
    ("project.editing.lean_tomlkit", "string"),
    ("network.lean_anyio", "anyio._core._sockets"),
    ("network.lean_anyio", "anyio.streams.memory"),
    ("network.lean_anyio", "asyncio.sslproto"),
    ("network.lean_anyio", "ipaddress"),
    ("network.lean_anyio", "ssl"),
    ("network.lean_anyio", "concurrent.futures"),
    ("network.lean_anyio", "dataclasses"),
    ("network.lean_anyio", "queue"),
    ("network.lean_httpx", "httpx._main"),
    ("network.lean_httpx", "click"),
    ("network.lean_httpx", "urllib.parse"),
    ("network.lean_httpx", "urllib.request"),
    ("network.lean_httpx", "base64"),
    ("network.lean_httpx", "httpx._client"),
    ("network.lean_httpx", "httpx._decoders"),
    ("network.lean_httpx", "http.cookiejar"),
    ("network.lean_httpx", "http.client"),
    ("network.lean_httpx", "hashlib"),
    ("network.lean_httpx", "httpx._multipart"),
    ("network.lean_httpx", "idna"),
    ("network.lean_httpx", "inspect"),
    ("network.lean_httpx", "ipaddress"),
    ("network.lean_httpx", "pathlib"),
    ("network.lean_httpx", "json"),
    ("network.lean_httpx", "email.message"),
]

if sys.platform == "linux":
    LEFT_OUT += [
        ("python.lean_subprocess", "locale"),
        ("python.lean_subprocess", "selectors"),
        ("python.lean_subprocess", "signal"),
        ("python.lean_subprocess", "threading"),
    ]
if sys.version_info >= (3, 13):  # before, anyio takes what `typing` lacks from a library that needs both
    LEFT_OUT += [("network.lean_anyio", "ast"), ("network.lean_anyio", "inspect")]

ALLOWED = ("from mauve.stand_ins import StandIns", "StandIns.allowed = True")


def _run(*lines: str, preface: tuple[str, ...] = ALLOWED) -> str:
    return _run_as_library(*preface, *lines)


def _run_as_library(*lines: str) -> str:
    command = [sys.executable, "-c", "\n".join((f"__import__('sys').path.insert(0, {str(SOURCE)!r})", *lines))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(("lean", "name"), LEFT_OUT)
def test_the_library_is_imported_without_it(lean: str, name: str) -> None:
    """Each costs as much as what imports it."""
    assert _run(f"import sys, mauve.{lean}", f"print({name!r} in sys.modules)") == "False"


def test_the_real_modules_are_there_afterwards() -> None:
    """Whoever imports one later gets the module itself, and with all that is in it."""
    shown = _run(
        "import mauve.cli.lean_msgspec, inspect, typing_extensions",
        "print(inspect.__file__, typing_extensions.__file__, inspect.cleandoc('a\\n  b'))",
    )
    assert "inspect.py" in shown
    assert "typing_extensions.py" in shown
    assert shown.endswith("a\nb")


def test_numbers_and_dates_of_documents_are_read() -> None:
    """By the patterns of tomllib, which are loaded for them."""
    shown = _run(
        "from mauve.standards.lean_tomllib import loads",
        "print(loads('a = 1_000\\nb = 1.5e3\\nc = 2020-01-02T03:04:05Z\\nd = 07:32:00\\ne = 0x1f\\nf = true'))",
        "import tomllib, tomllib._re as real",
        "print(tomllib.loads('a = 1'), real.RE_NUMBER.match('12').end())",
    )
    lines = shown.splitlines()
    assert lines[0].startswith("{'a': 1000, 'b': 1500.0, 'c': datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=")
    assert lines[0].endswith("'d': datetime.time(7, 32), 'e': 31, 'f': True}")
    assert lines[1] == "{'a': 1} 2"


def test_the_functions_of_msgspec_load_what_they_need() -> None:
    """Schemas and descriptions of types are still to be had, by every name of theirs."""
    shown = _run(
        "import mauve.cli.lean_msgspec, msgspec",
        "print(msgspec.inspect.type_info(int), msgspec.json.schema(int))",
        "import msgspec.inspect as real",
        "print(msgspec.inspect is real)",
    )
    assert shown.splitlines()[0].endswith("{'type': 'integer'}")
    assert shown.splitlines()[1] == "True"


@pytest.mark.parametrize(("lean", "name"), LEFT_OUT[:3])
def test_a_module_that_is_there_stays(lean: str, name: str) -> None:
    """A program that has imported it before us keeps it."""
    assert _run(f"import {name} as one, sys, mauve.{lean}", f"print(sys.modules[{name!r}] is one)") == "True"


def test_a_library_that_needs_more_at_its_top_gets_the_real_module() -> None:
    """Another version may."""
    shown = _run(
        "with StandIns({'colorsys': ()}, values={'calendar': {'Calendar': int}}):",
        "    import colorsys, calendar",
        "    print(colorsys.rgb_to_hsv(0, 0, 0), calendar.Calendar, calendar.isleap(2000))",
        "import calendar",
        "print(calendar.Calendar)",
    )
    assert shown.splitlines() == ["(0.0, 0.0, 0) <class 'int'> True", "<class 'calendar.Calendar'>"]


def test_what_httpx_needs_now_and_then_is_loaded_then() -> None:
    """The modules of mail for the encoding of a text, those of the standard client for whoever imports them."""
    shown = _run(
        "from mauve.network.lean_httpx import httpx",
        "answer = httpx.Response(200, headers={'content-type': 'text/plain; charset=latin-1'}, content=b'\\xe9')",
        "print(ascii(answer.text), httpx.Response(200, content=b'[1]').json(), httpx.URL('http://é.example/').raw_host)",
        "print(httpx.Request('POST', 'http://h', json={'a': 1}).read())",
        "print(httpx.DigestAuth._ALGORITHM_TO_HASH_FUNCTION['MD5'](b'').hexdigest()[:4])",
        "import email.message, http.cookiejar, urllib.request",
        "print(email.message.Message, http.cookiejar.CookieJar, urllib.request.Request)",
        "print(httpx._utils.getproxies is not None, sorted(httpx._utils.get_environment_proxies()) == [])",
    )
    lines = shown.splitlines()
    assert lines[:3] == ["'\\xe9' [1] b'xn--9ca.example'", """b'{"a":1}'""", "d41d"]
    assert lines[3].split("'")[1::2] == ["email.message.Message", "http.cookiejar.CookieJar", "urllib.request.Request"]


def test_answers_of_httpx_are_decoded_by_what_is_loaded_then() -> None:
    """Nobody here has it decode one, or uses its clients and transports; yet they can be had."""
    shown = _run(
        "from mauve.network.lean_httpx import httpx",
        "import gzip",
        "answer = httpx.Response(200, headers={'content-encoding': 'gzip'}, content=gzip.compress(b'a'))",
        "print(answer.text, httpx.Timeout(5).read, httpx.MockTransport(print).handler is print)",
    )
    assert shown == "a 5 True"


def test_data_classes_are_made_for_the_first_instance() -> None:
    """With fields, and what tells instances apart."""
    shown = _run(
        "with StandIns({}, values={'dataclasses': LATE_DATA_CLASSES}):",
        "    from dataclasses import dataclass, field",
        "    @dataclass(frozen=True)",
        "    class One:",
        "        first: int",
        "        rest: list = field(default_factory=list)",
        "    @dataclass",
        "    class Two:",
        "        only: int = 7",
        "import sys",
        "print('dataclasses' in sys.modules, One(1), One(1) == One(1, []), Two(), One(first=2).first)",
        "try: One(1).first = 2",
        "except AttributeError as error: print(type(error).__name__)",
        preface=("from mauve.stand_ins import LATE_DATA_CLASSES, StandIns", "StandIns.allowed = True"),
    )
    assert shown.splitlines() == ["False One(first=1, rest=[]) True Two(only=7) 2", "FrozenInstanceError"]


def test_attributes_of_loaded_modules_are_their_own_again() -> None:
    """Also where the import fails."""
    shown = _run(
        "from mauve.stand_ins import StandIns",
        "import re",
        "before = re.compile",
        "try:",
        "    with StandIns({}, changed={'re': {'compile': print}}):",
        "        re.compile('during')",
        "        raise ImportError",
        "except ImportError:",
        "    print(re.compile is before)",
    )
    assert shown.splitlines() == ["during", "True"]


def test_edited_documents_are_read_and_written_by_the_lean_editor() -> None:
    """Numbers and dates (by patterns that are compiled for them), comments, copies and values of every kind."""
    text = 'a = 1_000 # one\nb = [1.5, 2020-01-02, "x"]\n[t] # two\nc = 07:32:00\nd = inf\n'
    shown = _run(
        "import mauve.project.editing.lean_tomlkit as lean, copy, dataclasses, re",
        f"document = lean.tomlkit.parse({text!r})",
        f"print(lean.tomlkit.dumps(document) == lean.tomlkit.dumps(copy.deepcopy(document)) == {text!r})",
        "print(document['t']['c'], document['a'].trivia.comment, lean.tomlkit.integer('0x1f'))",
        "one, other = document['a'].trivia, document['a'].trivia.copy()",
        "print(one == other, one is other, one == lean.tomlkit.items.Trivia(comment='# one'))",
        "print(re.compile('a') is re.compile('a'), dataclasses.dataclass(type('A', (), {})).__module__)",
    )
    assert shown.splitlines() == ["True", "07:32:00 # one 31", "True False False", "True __main__"]


def test_structs_know_their_types() -> None:
    """Annotations are read by msgspec with `typing` alone."""
    shown = _run(
        "import mauve.cli.lean_msgspec, msgspec",
        "class One(msgspec.Struct): names: tuple[str, ...] = ()",
        'print(msgspec.json.decode(b\'{"names": ["a"]}\', type=One))',
    )
    assert shown == "One(names=('a',))"


def test_a_program_that_imports_our_modules_has_its_libraries_whole() -> None:
    """Its own httpx keeps cookies, its own msgspec writes decimal numbers."""
    shown = _run_as_library(
        "import mauve.cli.lean_msgspec, mauve.network.client, decimal, httpx, msgspec",
        "answer = httpx.Response(200, headers={'set-cookie': 'a=b'}, request=httpx.Request('GET', 'http://h.example'))",
        "print(dict(answer.cookies), msgspec.json.encode(decimal.Decimal('1.5')))",
    )
    assert shown == "{'a': 'b'} b'\"1.5\"'"


def test_every_name_of_anyio_is_still_there() -> None:
    """Those that are not used are imported when they are asked for, whole."""
    shown = _run(
        "from mauve.network.lean_anyio import anyio",
        "import inspect, asyncio",
        "async def work(): return await anyio.to_thread.run_sync(len, 'abc'), anyio.Lock().statistics().tasks_waiting",
        "print(anyio.run(work))",
        "print(anyio.connect_tcp.__name__, anyio.abc.SocketStream.__name__, anyio.from_thread.__name__)",
        "print(asyncio.base_events.sslproto.SSLProtocol.__name__, inspect.signature(len))",
        "try: anyio.no_such_name",
        "except AttributeError: print('none')",
    )
    lines = shown.splitlines()
    assert lines == ["(3, 0)", "connect_tcp SocketStream anyio.from_thread", "SSLProtocol (obj, /)", "none"]


def test_processes_are_waited_for_and_ended() -> None:
    """With what is loaded for it."""
    shown = _run(
        "from mauve.python.lean_subprocess import subprocess",
        "import sys",
        "one = subprocess.run([sys.executable, '-c', 'print(1 + 1)'], capture_output=True, text=True)",
        "print(one.stdout.strip(), repr(one.stderr))",
        "with subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE) as other:",
        "    other.kill()",
        "    print(other.wait(10) < 0 or other.returncode == 1)",
    )
    assert shown.splitlines() == ["2 ''", "True"]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "if x:\n    from .a.b import one as one\n    from . import two as two\n",
        "if x:\n    from .a import (\n        one as one,\n        two as two,\n    )\n    from .b import three, four",
    ],
)
def test_where_names_come_from_is_what_the_syntax_says(tmp_path: Path, text: str | None) -> None:
    """In anyio as it is, and in other ways of writing the same."""
    source = Path(anyio.__file__)
    if text is not None:
        source = tmp_path / "module.py"
        source.write_text(text, encoding="utf-8")
    statements = [node for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if is_relative(node)]
    expected = {alias.name: node.module or "" for node in statements for alias in node.names}
    found = {name: place for name, place in _places(str(source)).items() if name in expected}
    assert found == expected


def is_relative(node: ast.AST) -> TypeGuard[ast.ImportFrom]:
    """Tell an import from the same package whose names are kept."""
    return isinstance(node, ast.ImportFrom) and node.level == 1 and node.col_offset > 0


def test_another_thread_never_sees_a_changed_module() -> None:
    """It would import something at the same time that needs the real attribute."""
    shown = _run(
        "import threading, calendar, colorsys",
        "def look():",
        "    with StandIns({'pstats': ()}, changed={'calendar': {'MONDAY': 'changed'}}):",
        "        return calendar.MONDAY, 'pstats' in sys.modules",
        "import sys",
        "print(*look())",
        "end = threading.Event()",
        "other = threading.Thread(target=end.wait)",
        "other.start()",
        "print(*look())",
        "end.set()",
        "other.join()",
        "print(*look())",
    )
    assert [line.split()[1] for line in shown.splitlines()] == ["True", "False", "True"]
    assert [line.split()[0] == "changed" for line in shown.splitlines()] == [True, False, True]
