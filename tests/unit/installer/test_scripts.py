"""First lines and launchers."""

from __future__ import annotations

import pytest

from mauve.installer.scripts import check_name, render_launcher, render_shebang, replace_shebang, versioned_launchers
from mauve.standards.entry_points import EntryPoint

LONG = "/" + "a" * 124


def test_the_launcher_is_that_of_uv() -> None:
    """Environments made by both tools must be equal byte for byte."""
    text = render_launcher(EntryPoint("x", "aa.b", "c.d"), "#!/env/bin/python")
    assert text.decode() == (
        "#!/env/bin/python\n"
        "# -*- coding: utf-8 -*-\n"
        "import sys\n"
        "from aa.b import c\n"
        'if __name__ == "__main__":\n'
        '    if sys.argv[0].endswith("-script.pyw"):\n'
        "        sys.argv[0] = sys.argv[0][:-11]\n"
        '    elif sys.argv[0].endswith(".exe"):\n'
        "        sys.argv[0] = sys.argv[0][:-4]\n"
        "    sys.exit(c.d())\n"
    )


@pytest.mark.parametrize(
    ("python", "relocatable", "shebang"),
    [
        ("/env/bin/python", False, "#!/env/bin/python"),
        (LONG[:124], False, f"#!{LONG[:124]}"),
        (LONG, False, f"#!/bin/sh\n'''exec' '{LONG}' \"$0\" \"$@\"\n' '''"),
        ("/a b/python", False, "#!/bin/sh\n'''exec' '/a b/python' \"$0\" \"$@\"\n' '''"),
        (
            "/env/bin/python",
            True,
            "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python' \"$0\" \"$@\"\n' '''",
        ),
    ],
    ids=["plain", "127 bytes", "128 bytes", "blank", "relocatable"],
)
def test_kernels_read_at_most_127_bytes_and_no_blank(python: str, relocatable: bool, shebang: str) -> None:
    """Everything else goes through a shell, in a form that is valid Python too."""
    assert render_shebang(python, relocatable=relocatable) == shebang


@pytest.mark.parametrize(
    ("content", "replaced"),
    [
        (b"#!python\nx", b"#!P\nx"),
        (b"#!pythonw -E\r\nx\r\n", b"#!P\nx\r\n"),
        (b"#!python\rx", b"#!P\nx"),
        (b"#!python", b"#!P\n"),
    ],
)
def test_the_first_line_is_replaced_with_its_options(content: bytes, replaced: bytes) -> None:
    """Whatever ends the line, and only the first one."""
    assert replace_shebang(content, "#!P") == replaced


@pytest.mark.parametrize("name", ["x", "a.b", "activate", "python-config", "python4", "sub/x", "python3.x"])
def test_ordinary_names_are_fine(name: str) -> None:
    """`activate` is only worth a warning."""
    assert check_name(name) is None


@pytest.mark.parametrize("name", ["", "/x", "../x", "a/../../x", "python", "PyPy3", "python3.12t", "graalpy.py", ".."])
def test_names_that_would_break_the_environment_are_refused(name: str) -> None:
    """The interpreter's own names, and everything outside of the scripts folder."""
    assert check_name(name) is not None


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["pip", "pip3"], ["pip", "pip3", "pip3.13"]),
        (["pip", "pip3", "pip3.9"], ["pip", "pip3", "pip3.13"]),
        (["pip3.9", "wheel"], ["wheel"]),
        (["pip"], ["pip"]),
    ],
    ids=str,
)
def test_pip_is_named_after_the_python_it_goes_to(names: list[str], expected: list[str]) -> None:
    """Whichever Python its wheel was built with."""
    launchers = tuple(EntryPoint(name, "a", "b") for name in names)
    assert [launcher.name for launcher in versioned_launchers(launchers, 13)] == expected
