"""What the backend within the process makes, against what uv's makes: metadata, modes, order and every byte."""

import gzip
import os
import subprocess
from zipfile import ZipFile

import pytest
from tests.support.native_projects import MINIMAL, MODULE, write_project
from tests.support.oracle import oracle_uv

from mauve.build.native.backend import NativeBackend
from mauve.build.source_tree import read_build_system
from mauve.errors import MauveError

pytestmark = pytest.mark.oracle

SETTINGS = f"{MINIMAL}[tool.uv.build-backend]\n"

PROJECTS = {
    "minimal": (MINIMAL, MODULE),
    "everything": (
        """\
# a comment
[project]
name = "Full.Demo_x"
version = "1.0.0-rc.1"
description = "Some description"
readme = { file = "R.rst", content-type = "text/x-rst" }
requires-python = ">= 3.8, <4"
license = "MIT OR Apache-2.0"
license-files = ["LICENSE*", "legal/**"]
authors = [{ name = "A" }, { email = "b@x.org" }, { name = "C, Jr.", email = "c@x.org" }]
maintainers = [{ name = "M" }, { name = "Ñ", email = "n@x.org" }]
keywords = ["a", "b c"]
classifiers = ["Private :: Do Not Upload"]
dependencies = ["Anyio >= 3 , < 5; python_version >= '3.9'", "b[Y,x]", "c @ https://x.org/c-1.0.tar.gz", "d (>=1)"]
import-names = ["full_demo_x"]

[project.optional-dependencies]
Zed = ["q>1", "r; sys_platform == 'linux' or sys_platform == 'win32'"]
a_b = ["f~=1.0,!=1.2,>1.0"]
empty = []

[project.urls]
Homepage = "https://x.org"
"Bug Tracker" = "https://x.org/b"

[project.scripts]
zeta = "full_demo_x:main"
alpha = "full_demo_x.a:b.c"

[project.gui-scripts]
gg = "full_demo_x:g"

[project.entry-points."my.group"]
z = "full_demo_x:z [extra]"
b = "full_demo_x"

[project.entry-points.another]
q = "full_demo_x:q"
""",
        {
            "src/full_demo_x/__init__.py": "",
            "R.rst": "Héllo\n=====\n",
            "LICENSE-B": "b",
            "LICENSE": "",
            "legal/b/c": "z",
            "legal/a": "",
        },
    ),
    "order": (
        MINIMAL,
        {
            f"src/demo/{path}": path
            for path in ["__init__.py", "b.py", "b/x", "b-c/x", "B/x", ".hid", "é", "Z/pyvenv.cfg", "Z/A"]
        },
    ),
    "excludes": (
        SETTINGS + 'source-exclude = ["*.log", "/docs"]\nwheel-exclude = ["/src/demo/data", "priv", "**/q"]\n'
        'source-include = ["docs/**", "tests/**", "*.txt"]\n',
        {
            **MODULE,
            **dict.fromkeys(["docs/a", "tests/a.py", "tests/x.log", "a.txt", "tests/a.txt"], ""),
            **{
                f"src/demo/{path}": ""
                for path in ["data/x", "priv/x", "s/priv", "s/q", "a.pyc", "__pycache__/x", "y.log"]
            },
        },
    ),
    "no default excludes": (
        SETTINGS + "default-excludes = false\n",
        {**MODULE, "src/demo/a.pyc": "", "src/demo/__pycache__/x": ""},
    ),
    "data": (
        SETTINGS + 'data = { data = "a", scripts = "b/c", purelib = "p", platlib = "q", headers = "h" }\n',
        {**MODULE, **dict.fromkeys(["a/x/y", "a/z", "b/c/run", "p/m.py", "q/n.py", "h/h.h", "h/x.pyc"], "#")},
    ),
    "flat": (SETTINGS + 'module-root = ""\n', {"demo/__init__.py": "", "other/__init__.py": ""}),
    "dotted": (
        SETTINGS + 'module-name = "a.b"\nmodule-root = "lib/py"\n',
        {"lib/py/a/b/__init__.py": "", "lib/py/a/c/d": ""},
    ),
    "several modules": (
        SETTINGS + 'module-name = ["foo", "a.b", "foo.sub", "a.c", "a.b"]\n',
        {f"src/{path}/__init__.py": "" for path in ["foo", "foo/sub", "a/b", "a/c"]},
    ),
    "namespace": (
        SETTINGS + 'namespace = true\nmodule-name = ["cloud", "x.y"]\n',
        {"src/cloud/x/__init__.py": "", "src/x/y/z.py": "", "src/x/w.py": ""},
    ),
    "stubs": ('[project]\nname = "foo.bar-stubs"\nversion = "1"\n', {"src/foo_bar-stubs/__init__.pyi": ""}),
    "stubs of a namespace": (SETTINGS + 'module-name = "foo-stubs.bar"\n', {"src/foo-stubs/bar/__init__.pyi": ""}),
    "old license": (
        MINIMAL
        + 'license = { text = "MIT\\nline\\n\\n  end" }\nreadme = { text = "x\\n", content-type = "text/plain" }\n',
        MODULE,
    ),
    "license from a file": (
        MINIMAL + 'license = { file = "COPYING" }\nreadme = "docs/R.txt"\n',
        {**MODULE, "COPYING": "a\nb\n", "docs/R.txt": "x\r\ny"},
    ),
    "import namespaces": (MINIMAL + 'import-names = []\nimport-namespaces = ["a.b"]\n', MODULE),
    "toml": (
        MINIMAL
        + """\
urls.Home = "https://x"
[tool.x]
a = ["b", ["c", "d"], {}, [{ x = 1, y = [1, 2] }]]
b = 'C:\\path'
c = "it's \\"x\\""
d = "new\\nline \\t \\"\\"\\" '''"
e = [1e3, 1e22, -0.0, inf, 0xff, 1_000, 3.14]
f = [1979-05-27T07:32:00Z, 1979-05-27T07:32:00.5-07:00, 07:32:00]
"k y".'l"m' = 1
[[tool.x.g]]
[[tool.x.g]]
h = { i = { j = 1 } }
""",
        MODULE,
    ),
}


def wheel_contents(path):
    """Return everything that unpacking a wheel can see."""
    with ZipFile(path) as wheel:
        return [
            (
                info.filename,
                info.external_attr,
                info.create_system,
                info.date_time,
                info.compress_type,
                wheel.read(info),
            )
            for info in wheel.infolist()
        ]


def sdist_contents(path):
    """Return the archive before compression."""
    return gzip.decompress(path.read_bytes())


def call_uv(hook, root, output):
    """Call a hook of uv's backend."""
    output.mkdir()
    return subprocess.run(
        [oracle_uv(), "build-backend", hook, str(output)],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.defpath, "HOME": str(output), "UV_NO_COLOR": "1"},
    )


@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize(
    ("kind", "contents"), [("wheel", wheel_contents), ("editable", wheel_contents), ("sdist", sdist_contents)]
)
def test_distributions_are_those_of_uv(tmp_path, name, kind, contents):
    """Byte for byte, but for how they are compressed."""
    root = write_project(tmp_path / "demo", *PROJECTS[name])
    run = call_uv(f"build-{kind}", root, tmp_path / "uv")
    assert run.returncode == 0, run.stderr
    (tmp_path / "ours").mkdir()
    warnings = []
    backend = NativeBackend(str(root), read_build_system(str(root)), warnings.append)
    made = getattr(backend, kind)(str(tmp_path / "ours"))
    assert made == run.stdout.strip()
    assert contents(tmp_path / "ours" / made) == contents(tmp_path / "uv" / made)
    # Called as a hook, uv keeps warnings on names of modules to itself.
    assert set(run.stderr.splitlines()) <= {f"warning: {warning}" for warning in warnings}


BROKEN = {
    "no module": (MINIMAL, {}),
    "license": (MINIMAL + 'license = "MIT OR foo"\n', MODULE),
    "license file": (MINIMAL + 'license-files = ["NO*"]\n', MODULE),
    "readme": (MINIMAL + 'readme = "NO.md"\n', MODULE),
    "shape": (MINIMAL + "keywords = 1\n", MODULE),
    "dynamic": (MINIMAL + 'dynamic = ["readme"]\n', MODULE),
    "script": (MINIMAL + 'scripts = { "a b" = "c:d" }\n', MODULE),
    "module name": (SETTINGS + 'module-name = "a-b"\n', MODULE),
    "module root": (SETTINGS + 'module-root = "../x"\n', MODULE),
    "data": (SETTINGS + 'data = { scripts = "../x" }\n', MODULE),
    "exclude": (SETTINGS + 'wheel-exclude = ["a["]\n', MODULE),
    "first of several": (
        SETTINGS.replace("[tool", 'license = "foo"\nreadme = "NO.md"\n[tool') + 'data = { data = "../x" }\n',
        MODULE,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("kind", ["wheel", "editable", "sdist"])
def test_faults_are_told_as_by_uv(tmp_path, monkeypatch, name, kind):
    """The same one first, in the same words."""
    root = write_project(tmp_path / "demo", *BROKEN[name])
    run = call_uv(f"build-{kind}", root, tmp_path / "uv")
    (tmp_path / "ours").mkdir()
    monkeypatch.chdir(root)
    backend = NativeBackend(str(root), read_build_system(str(root)), lambda _: None)
    chain = []
    try:
        getattr(backend, kind)(str(tmp_path / "ours"))
    except MauveError as error:
        cause = error
        while cause is not None:
            chain += str(cause).split("\n")
            cause = cause.__cause__
    told = [line.removeprefix("error: ").removeprefix("  cause: ") for line in run.stderr.split("\n")]
    assert [line.strip() for line in chain if line] == [line.strip() for line in told if line]
    assert bool(chain) is (run.returncode != 0)
