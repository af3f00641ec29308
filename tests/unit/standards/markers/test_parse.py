"""Reading marker expressions."""

from __future__ import annotations

import pytest

from mauve.standards.markers.diagram import FALSE, TRUE
from mauve.standards.markers.parse import InvalidMarker, parse_marker
from mauve.standards.markers.render import render


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("python_version == '3.11'", "python_full_version == '3.11.*'"),
        ("python_version != '3.11'", "python_full_version != '3.11.*'"),
        ("python_version > '3.10'", "python_full_version >= '3.11'"),
        ("python_version <= '3.11'", "python_full_version < '3.12'"),
        ("python_version >= '3.11'", "python_full_version >= '3.11'"),
        ("python_version ~= '3.11'", "python_full_version >= '3.11' and python_full_version < '4'"),
        ("python_version ~= '3.11.0'", "python_full_version == '3.11.*'"),
        ("python_version == '3'", "python_full_version == '3.0.*'"),
        ("python_version == '3.*'", "python_full_version >= '3' and python_full_version < '4'"),
        ("python_version == '3.11.0.*'", "python_full_version == '3.11.*'"),
        ("python_version > '3.11.2'", "python_full_version >= '3.12'"),
        ("python_version >= '3.11.2'", "python_full_version >= '3.12'"),
        ("python_version < '3.11.2'", "python_full_version < '3.12'"),
        ("python_version <= '3.11.2'", "python_full_version < '3.12'"),
        ("'3.11' <= python_version", "python_full_version >= '3.11'"),
        ("'3.8' ~= python_version", "python_full_version >= '3.8' and python_full_version < '4'"),
        ("python_version in '3.10 3.12'", "python_full_version == '3.10.*' or python_full_version == '3.12.*'"),
        ("python_version >= '1!3.8'", "python_full_version >= '3.8'"),
    ],
)
def test_python_version_is_read_as_the_full_version(text: str, rendered: str) -> None:
    """The first two components say the same as an interval of full versions."""
    assert render(parse_marker(text)) == rendered


@pytest.mark.parametrize("text", ["== '3.11.2'", "== '3.11.1.*'", "!= '3.11.1.*'", "~= '3.11.1'", "in '3.9 3.11.2'"])
def test_three_components_never_equal_python_version(text: str) -> None:
    """`python_version` has two components; uv lets a list with one that has three fail as a whole."""
    assert parse_marker(f"python_version {text}") is FALSE


def test_three_components_always_differ_from_python_version() -> None:
    """The one comparison of that kind that is true."""
    assert parse_marker("python_version != '3.11.2'") is TRUE


def test_the_text_of_never_is_read_as_never() -> None:
    """Lockfiles keep edges that contradict their parent; `python_version` is never below zero."""
    assert parse_marker("python_version < '0'") is FALSE
    assert parse_marker("python_version >= '0'") is TRUE
    assert parse_marker("python_version <= '0'") is not FALSE


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("python_full_version >= '3.11.0'", "python_full_version >= '3.11'"),
        ("python_full_version >= '3.12.0rc1'", "python_full_version >= '3.12'"),
        ("implementation_version == '7.3.0'", "implementation_version == '7.3'"),
        ("python_full_version in '3.6.0 3.7'", "python_full_version == '3.6.0' or python_full_version == '3.7'"),
    ],
)
def test_versions_are_releases_without_trailing_zeros_except_in_lists(text: str, rendered: str) -> None:
    """Pre-releases of Python count as the release; lists keep the spelling."""
    assert render(parse_marker(text)) == rendered


@pytest.mark.parametrize(
    ("system", "platform"),
    [("Windows", "win32"), ("Darwin", "darwin"), ("Linux", "linux"), ("AIX", "aix"), ("Android", "android")],
)
def test_platform_system_is_read_as_sys_platform_where_both_say_the_same(system: str, platform: str) -> None:
    """So the two spellings of one platform are recognised as one condition."""
    assert parse_marker(f"platform_system == '{system}'") is parse_marker(f"sys_platform == '{platform}'")
    assert parse_marker(f"'{system}' != platform_system") is parse_marker(f"sys_platform != '{platform}'")


def test_other_systems_stay() -> None:
    """A system without a platform name of its own is not touched."""
    assert render(parse_marker("platform_system == 'FreeBSD'")) == "platform_system == 'FreeBSD'"


@pytest.mark.parametrize(
    "text",
    [
        "sys_platform ~= 'linux'",
        "python_version == 'foo'",
        "python_version in '3.10, 3.12'",
        "python_version >= '3.8+local'",
        "python_full_version == '3.8rc1.*'",
        "sys_platform == os_name",
        "'x' == 'y'",
        "'3.8' in python_version",
        "extra in 'x'",
    ],
)
def test_clauses_that_say_nothing_are_left_out(text: str) -> None:
    """Alone they are true; beside another clause they do not exist."""
    assert parse_marker(text) is TRUE
    assert parse_marker(f"os_name == 'nt' and ({text})") is parse_marker("os_name == 'nt'")
    assert parse_marker(f"({text}) or os_name == 'nt'") is parse_marker("os_name == 'nt'")


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("platform_release >= 'abc'", "platform_release >= 'abc'"),
        (
            "platform_release >= '20.0'",
            (
                "(platform_release >= '20.0' and sys_platform != 'darwin') "
                "or (platform_release >= '20' and sys_platform == 'darwin')"
            ),
        ),
        (
            "platform_release >= '5'",
            "platform_release >= '5' and (sys_platform != 'darwin' or sys_platform == 'darwin')",
        ),
        ("platform_version < '10'", "platform_version < '10'"),
        ("os_name > 'a'", "python_version < '0'"),
        ("os_name >= 'a'", "os_name == 'a'"),
    ],
)
def test_only_releases_have_an_order(text: str, rendered: str) -> None:
    """Kernel releases compare as versions on macOS and as strings elsewhere; other strings do not compare."""
    assert render(parse_marker(text)) == rendered


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("os.name", "os_name"),
        ("sys.platform", "sys_platform"),
        ("platform.machine", "platform_machine"),
        ("platform.version", "platform_version"),
        ("platform.python_implementation", "platform_python_implementation"),
        ("python_implementation", "platform_python_implementation"),
    ],
)
def test_old_names_are_understood(old: str, new: str) -> None:
    """Metadata written before PEP 508 is still around."""
    assert parse_marker(f"{old} == 'x'") is parse_marker(f"{new} == 'x'")


def test_extras_are_normalised_and_invalid_ones_never_active() -> None:
    """PEP 685."""
    assert parse_marker("extra == 'Foo_Bar'") is parse_marker('"foo-bar" == extra')
    assert parse_marker("extra == '!'") is FALSE


@pytest.mark.parametrize(
    "text",
    [
        "os_name=='a'and(sys_platform=='b')or platform_machine=='c'",
        "( (os_name == 'a') and ( sys_platform == 'b' ) ) or platform_machine == 'c'",
        "os_name\t==\t'a'\tand sys_platform == \"b\" or 'c' == platform_machine",
    ],
)
def test_blanks_and_parentheses_do_not_matter(text: str) -> None:
    """`and` binds tighter than `or`."""
    assert parse_marker(text) is parse_marker("os_name == 'a' and sys_platform == 'b' or platform_machine == 'c'")


def test_what_no_platform_can_be_is_never() -> None:
    """Also if no two of its clauses exclude each other by themselves: so nobody requires anything under it."""
    text = "(sys_platform == 'linux' or platform_machine == 'x') and platform_system == 'iPadOS'"
    assert parse_marker(text) is not FALSE
    assert parse_marker(f"{text} and platform_machine != 'x'") is FALSE


def test_words_inside_quotes_are_no_operators() -> None:
    """The quick reader splits at ` and ` and ` or `, which may be part of a value."""
    assert render(parse_marker("platform_version == 'a or b'")) == "platform_version == 'a or b'"
    assert render(parse_marker("platform_version != 'a and b' and os_name == 'x'")) == (
        "os_name == 'x' and platform_version != 'a and b'"
    )


@pytest.mark.parametrize(
    ("text", "reason", "mark"),
    [
        ("foo == 'x'", "Expected a quoted string or a valid marker name, found `foo`", "^^^"),
        ("os_name = 'x'", "Expected a valid marker operator (such as `>=` or `not in`), found `=`", "        ^"),
        (
            "python_version === '3'",
            "Expected a valid marker operator (such as `>=` or `not in`), found `===`",
            "               ^^^",
        ),
        ("os_name == 'x", "Expected ''', found end of dependency specification", "           ^"),
        ("(os_name == 'x'", "Expected ')', found end of dependency specification", "^"),
        ("os_name ==", "Expected marker value, found end of dependency specification", "          ^"),
        ("os_name not 'x'", "Expected `i`, found `'`", "            ^"),
        ("os_name not'x'", "Expected whitespace after `not`, found `'`", "           ^"),
        ("os_name not", "Expected whitespace after 'not', found end of input", "           ^"),
        ("os_name == 'x' bar", "Unexpected character 'b', expected 'and', 'or' or end of input", " " * 15 + "^^^"),
        ("extras == 'x'", "The marker extras must be on the right hand side of the expression", "^" * 13),
        (
            "'x' == extras",
            (
                "The operator == is not supported with the marker extras, "
                "only the `in` and `not in` operators are supported"
            ),
            "^" * 13,
        ),
        ("()", "Expected a quoted string or a valid marker name, found ``", ""),
    ],
)
def test_malformed_markers_are_explained_with_the_place_marked(text: str, reason: str, mark: str) -> None:
    """The message is uv's."""
    with pytest.raises(InvalidMarker) as caught:
        parse_marker(text)
    assert str(caught.value) == f"{reason}\n{text}\n{mark}"
