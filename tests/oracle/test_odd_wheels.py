"""Wheels that are odd, broken or hostile: uv and mauve refuse the same ones, and install the same of the others."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct
from tests.support.command_line import CommandLine
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import BuiltFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.oracle, pytest.mark.skipif(sys.platform == "win32", reason="modes and links as on Unix")]

METADATA = "Metadata-Version: 2.1\nName: a\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"


class Odd(Struct, frozen=True, kw_only=True):
    """A wheel of `a` 1.0.

    Attributes:
        members: path, content and mode of what it has besides a module.
        texts: path to content of what replaces the usual files; None leaves one out.
        folder: of its metadata.
        method: of compression.
        change: what happens to the bytes of the archive.
    """

    members: tuple[tuple[str, str, int], ...] = ()
    texts: dict[str, str | None] = {}
    folder: str = "a-1.0.dist-info"
    method: int = zipfile.ZIP_DEFLATED
    change: Callable[[bytes], bytes] = bytes

    def build(self) -> BuiltFile:
        """Return the wheel; a member may be there twice."""
        texts: dict[str, str | None] = {"METADATA": METADATA, "WHEEL": WHEEL, **self.texts}
        members = [("a/__init__.py", "x = 1\n", 0o100644), *self.members]
        members += [(f"{self.folder}/{name}", text, 0o100644) for name, text in texts.items() if text is not None]
        if "RECORD" not in texts:
            rows = "".join([f"{path},,\n" for path, _, _ in members if not path.endswith("/")])
            members.append((f"{self.folder}/RECORD", rows, 0o100644))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", self.method) as archive:
            for path, content, mode in members:
                info = zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0))
                info.external_attr, info.compress_type = mode << 16, self.method
                archive.writestr(info, content)
        content = self.change(buffer.getvalue())
        return BuiltFile(filename="a-1.0-py3-none-any.whl", content=content, metadata=METADATA.encode())


def script(text: str) -> Odd:
    return Odd(texts={"entry_points.txt": text})


def data(path: str, mode: int = 0o100644) -> Odd:
    return Odd(members=((f"a-1.0.data/{path}", "x", mode),))


CASES = {
    "nothing odd": Odd(),
    "a path upwards": Odd(members=(("../evil.py", "x", 0o100644),)),
    "a path upwards within": Odd(members=(("a/../../evil.py", "x", 0o100644),)),
    "an absolute path": Odd(members=(("/tmp/evil.py", "x", 0o100644),)),
    "a link": Odd(members=(("a/link", "/etc/passwd", 0o120777),)),
    "a file below a link": Odd(members=(("a/link", "/tmp", 0o120777), ("a/link/evil", "x", 0o100644))),
    "a pipe": Odd(members=(("a/pipe", "", 0o010644),)),
    "modes": Odd(members=(("a/x.sh", "x", 0o100755), ("a/y", "y", 0o104755), ("a/z", "z", 0))),
    "the same twice": Odd(members=(("a/__init__.py", "x = 1\n", 0o100644),)),
    "another one of the same name": Odd(members=(("a/__init__.py", "x = 2\n", 0o100644),)),
    "a file and a folder of one name": Odd(members=(("a/x", "", 0o100644), ("a/x/y", "", 0o100644))),
    "unicode": Odd(members=(("a/\u00fcn\u00ef \u2713.py", "x", 0o100644),)),
    "a long path": Odd(members=(("a/" + "/".join(["d" * 100] * 8) + "/x.py", "x", 0o100644),)),
    "an empty folder": Odd(members=(("a/empty/", "", 0o040755),)),
    "a name that is empty": Odd(members=(("", "x", 0o100644),)),
    "no RECORD": Odd(texts={"RECORD": None}),
    "a RECORD of other people's files": Odd(
        texts={"RECORD": "/etc/passwd,,\n../../../x,,\na/gone.py,,\n/a/__init__.py,,\n"}
    ),
    "a RECORD of too much": Odd(texts={"RECORD": "a/__init__.py,,,,\n"}),
    "a RECORD of too little": Odd(texts={"RECORD": "a/__init__.py\n"}),
    "no WHEEL": Odd(texts={"WHEEL": None}),
    "a WHEEL of tomorrow": Odd(texts={"WHEEL": WHEEL.replace("1.0", "2.0")}),
    "no METADATA": Odd(texts={"METADATA": None}),
    "the METADATA of another package": Odd(texts={"METADATA": METADATA.replace("Name: a", "Name: b")}),
    "the METADATA of another version": Odd(texts={"METADATA": METADATA.replace("Version: 1.0", "Version: 2.0")}),
    "the folder of another package": Odd(folder="b-1.0.dist-info"),
    "the folder of another version": Odd(folder="a-2.0.dist-info"),
    "a folder in capitals": Odd(folder="A-1.0.dist-info"),
    "two folders": Odd(members=(("b-1.0.dist-info/METADATA", "x", 0o100644),)),
    "not compressed": Odd(method=zipfile.ZIP_STORED),
    "compressed in an unusual way": Odd(method=zipfile.ZIP_BZIP2),
    "bytes before": Odd(change=lambda content: b"#!x\n" + content),
    "cut": Odd(change=lambda content: content[:-30]),
    "other bytes": Odd(method=zipfile.ZIP_STORED, change=lambda content: content.replace(b"x = 1", b"x = 9")),
    "a script": script("[console_scripts]\nrun = a:main [extra]\n[gui_scripts]\ngui = a.b:c.d\n"),
    "a script upwards": script("[console_scripts]\n../evil = a:main\n"),
    "a script elsewhere": script("[console_scripts]\n/tmp/evil = a:main\n"),
    "a script that is the interpreter": script("[console_scripts]\npython = a:main\n"),
    "a script that activates": script("[console_scripts]\nactivate = a:main\n"),
    "a script with code": script("[console_scripts]\nrun = a:main();import os\n"),
    "a script on two lines": script("[console_scripts]\nrun =\n  a:main\n"),
    "a script twice": script("[console_scripts]\nrun = a:main\nrun = a:other\n"),
    "scripts in two places": script("[console_scripts]\nrun = a:main\n[console_scripts]\ngo = a:main\n"),
    "no scripts": script("hello\n"),
    "data": data("data/share/x"),
    "data upwards": data("data/../../../evil"),
    "data in place of the interpreter": data("data/bin/python"),
    "headers": data("headers/x.h"),
    "a module": data("purelib/a/x.py"),
    "a folder of scripts": data("scripts/x/y"),
    "a script as a file": data("scripts/x"),
    "an unknown kind of data": data("other/x"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", CASES)
def test_a_wheel_is_taken_or_refused_as_by_uv(name: str, tmp_path: Path) -> None:
    """The outcome and what it is called are compared, and what is installed; nothing is written anywhere else."""
    with IndexServer({"a": [CASES[name].build()]}) as server:
        server.sidecars = False
        seen = []
        for program in ([oracle_uv()], [*CommandLine.program]):
            folder = tmp_path / os.path.basename(program[0])
            line = CommandLine(folder, server)
            line.write_project("a")
            done = subprocess.run(
                [*program, "sync"], cwd=line.project, env=line.variables, capture_output=True, text=True, check=False
            )
            said = [text for text in done.stderr.splitlines() if text.startswith(("error: ", "warning: ", "hint: "))]
            files: list[tuple[str, int]] = []
            if done.returncode == 0:
                found = sorted(path for path in (line.project / ".venv").rglob("[!.]*") if path.is_file())
                files = [(str(path.relative_to(folder)), path.stat().st_mode) for path in found]
            assert sorted(path.name for path in folder.iterdir()) == ["cache", "home", "project"]
            seen.append((done.returncode, said, files))
    assert seen[1] == seen[0]
    assert not os.path.exists("/tmp/evil.py")
