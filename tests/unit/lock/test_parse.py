"""Reading lockfiles: canonical text, any other TOML, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mauve.lock.canonical import NotCanonical, read_canonical
from mauve.lock.errors import InvalidLock, UnsupportedLockVersion
from mauve.lock.parse import parse_lock
from mauve.lock.render import render_lock

LOCKFILES = sorted((Path(__file__).parents[3] / "fixtures" / "lockfiles").glob("*.lock"))
HEAD = 'version = 1\nrevision = 5\nrequires-python = ">=3.11"\n'
PROJECT = '\n[[package]]\nname = "p"\nversion = "0.1.0"\nsource = { virtual = "." }\n'
REGISTRY = '\n[[package]]\nname = "a"\nversion = "1.0"\nsource = { registry = "wheels" }\n'


def _cause(text: str) -> str:
    with pytest.raises(InvalidLock) as caught:
        parse_lock(text)
    assert str(caught.value) == "Failed to parse `uv.lock`"
    return str(caught.value.__cause__)


@pytest.mark.parametrize("path", LOCKFILES, ids=lambda path: path.stem)
def test_a_lockfile_of_uv_is_read_and_written_without_change(path: Path):
    """Every byte counts: a lock that means the same must not change the file."""
    text = path.read_text()
    assert render_lock(parse_lock(text)) == text


@pytest.mark.parametrize("path", LOCKFILES, ids=lambda path: path.stem)
def test_the_canonical_reader_agrees_with_a_toml_parser(path: Path):
    """The fast reader is only a short cut."""
    text = path.read_text()
    odd = text.replace("version = 1\n", "version  =  1\n", 1)
    with pytest.raises(NotCanonical):
        read_canonical(odd)
    assert parse_lock(odd) == parse_lock(text)


def test_most_lockfiles_are_read_without_a_toml_parser():
    """Only strings with escapes or long quotes need one."""
    slow = []
    for path in LOCKFILES:
        try:
            read_canonical(path.read_text())
        except NotCanonical:
            slow.append(path.stem)
    assert slow == ["quotes"]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "x = [\n    1,\n    2\n]\n",
        HEAD + "x = { a = 1 } # comment\n",
        HEAD + "x = 1\r\n",
        HEAD + 'x = """long"""\n',
        HEAD + "x = 01\n",
        HEAD + "x = 1.5\n",
        HEAD + "x = 1\nx = 2\n",
        HEAD + "\n[other]\n\n[other]\n",
        HEAD + "\n[package]\n",
        HEAD + "x.y = 1\n",
        HEAD + "\n[ options ]\n",
        HEAD + "x = [\n    'a',\n",
    ],
)
def test_the_canonical_reader_leaves_everything_else_alone(text: str):
    """Whatever uv would not write goes to the TOML parser, right or wrong."""
    with pytest.raises(NotCanonical):
        read_canonical(text)


def test_unknown_keys_are_ignored_at_every_level():
    """A lockfile of a later revision is still read."""
    text = (
        HEAD.replace("5", "9", 1) + "future = 1\n" + "\n[options]\nfuture = 1\n"
        "\n[[package]]\nname = 'p'\nfuture = 1\nsource = { virtual = '.', future = 1 }\n"
    )
    lock = parse_lock(text)
    assert lock.revision == 9
    assert [package.name for package in lock.packages] == ["p"]


def test_old_names_of_tables_are_read():
    """`distribution` was the first name of `package`."""
    text = HEAD + PROJECT.replace("[[package]]", "[[distribution]]") + "\n[distribution.dependency-groups]\ndev = []\n"
    (package,) = parse_lock(text).packages
    assert package.dev_dependencies == {"dev": ()}


def test_a_missing_revision_is_zero():
    """The first lockfiles had none."""
    assert parse_lock('version = 1\nrequires-python = ">=3.11"\n').revision == 0


CONTRADICTIONS = {
    "dangling": (
        PROJECT + 'dependencies = [\n    { name = "zz" },\n]\n',
        "Dependency `zz` has missing `source` field but has more than one matching package",
    ),
    "twice": (PROJECT + PROJECT, "Found duplicate package `p==0.1.0 @ virtual+.`"),
    "missing version": (
        f'{PROJECT}dependencies = [{{ name = "a", version = "3.0", source = {{ registry = "wheels" }} }}]\n{REGISTRY}',
        "For package `p==0.1.0 @ virtual+.`, found dependency `a==3.0` with no locked package",
    ),
    "double edge": (
        PROJECT + 'dependencies = [\n    { name = "a" },\n    { name = "a" },\n]\n' + REGISTRY,
        "For package `p==0.1.0 @ virtual+.`, found duplicate dependency `a==1.0`",
    ),
    "other wheel": (
        REGISTRY + 'wheels = [\n    { path = "a-2.0-py3-none-any.whl" },\n]\n',
        (
            "The entry for package `a` (1.0) has wheel `a-2.0-py3-none-any.whl` with inconsistent version (2.0), which "
            "indicates a malformed wheel. If this is intentional, set `UV_SKIP_WHEEL_FILENAME_CHECK=1`."
        ),
    ),
    "no hash": (
        REGISTRY.replace("registry", "path") + 'wheels = [{ filename = "a-1.0-py3-none-any.whl" }]\n',
        (
            "Since the package `a==1.0 @ path+wheels` comes from a path dependency, a hash was expected but "
            "one was not "
            "found for wheel"
        ),
    ),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_lock_that_contradicts_itself_is_refused(case: str):
    """Such a file was edited or merged by hand; installing from it would surprise."""
    packages, cause = CONTRADICTIONS[case]
    assert _cause(HEAD + packages) == cause


def test_a_value_of_the_wrong_kind_is_pointed_at():
    """The user sees the line."""
    assert _cause(HEAD + "resolution-markers = 3\n") == (
        "TOML parse error at line 4, column 22\n  |\n4 | resolution-markers = 3\n  |                      ^\n"
        "invalid type: integer `3`, expected a sequence"
    )


COMMIT = "0dacfd662c64cb4ceb16e6cf65a157a8b715b979"
GIT = '[[package]]\nname = "a"\nversion = "1.0"\nsource = {{ git = "{}" }}\n'
MARKER = "Expected a quoted string or a valid marker name, found `x`\n{}\n^"
NAME = (
    'Not a valid package or extra name: "a b". Names must start and end with a letter or digit and may only contain '
    "-, _, ., and alphanumeric characters."
)
MISMATCH = f"Exact Git revision `{COMMIT}` does not match precise commit `{COMMIT[::-1]}` for "
MALFORMED = {
    "a marker": (
        'resolution-markers = ["x"]\n',
        (4, 23),
        "Expected a quoted string or a valid marker name, found `x`\nx\n^",
    ),
    "a marker of an edge": (
        PROJECT + 'dependencies = [{ name = "a", marker = "x == 1" }]\n' + REGISTRY,
        (9, 40),
        MARKER.format("x == 1"),
    ),
    "a set of one": (
        'conflicts = [[{ package = "a" }]]\n',
        (4, 13),
        "Each set of conflicts must have at least two entries, but found only one",
    ),
    "a choice": (
        '[options]\nresolution-mode = "x"\n',
        (5, 19),
        "unknown variant `x`, expected one of `highest`, `lowest`, `lowest-direct`",
    ),
    "an algorithm": (
        REGISTRY + 'sdist = { url = "http://127.0.0.1/a-1.0.tar.gz", hash = "x:ab" }\n',
        (9, 57),
        "Unsupported hash algorithm (expected one of: `md5`, `sha256`, `sha384`, `sha512`, or `blake2b`) on: `x`",
    ),
    "a short digest": (
        REGISTRY + 'sdist = { url = "http://127.0.0.1/a-1.0.tar.gz", hash = "sha256:ab" }\n',
        (9, 57),
        "Invalid hash digest length (expected 64 hexadecimal characters, found 2)",
    ),
    "a digest of other letters": (
        REGISTRY + 'sdist = { url = "http://127.0.0.1/a-1.0.tar.gz", hash = "sha256:' + "z" * 64 + '" }\n',
        (9, 57),
        f"Invalid hash digest (expected only hexadecimal characters): `{'z' * 64}`",
    ),
    "a name in the manifest": (
        '[manifest]\nmembers = ["a b"]\n',
        (5, 12),
        NAME,
    ),
    "a name of a group": (
        REGISTRY + '[package.dev-dependencies]\n"a b" = []\n',
        (10, 1),
        NAME,
    ),
    "a number for a requirement": (
        "[manifest]\nrequirements = [3]\n",
        (5, 17),
        "invalid type: integer `3`, expected struct Requirement",
    ),
    "another commit than the revision": (
        GIT.format(f"https://user:secret@example.com/a?rev={COMMIT}#{COMMIT[::-1]}"),
        (4, 1),
        f"{MISMATCH}`https://user:****@example.com/a`",
    ),
    "no commit": (GIT.format("https://example.com/a?rev=main"), (4, 1), "Failed to parse Git URL"),
}


@pytest.mark.parametrize(("packages", "place", "reason"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_text_is_pointed_at(packages: str, place: tuple[int, int], reason: str):
    """Each was given to uv. Without this, it would come to light later, or not at all."""
    cause = _cause(HEAD + packages)
    assert cause.startswith(f"TOML parse error at line {place[0]}, column {place[1]}\n")
    assert cause.partition("^")[2].partition("\n")[2] == reason


def test_a_package_without_source_is_pointed_at():
    """Positions of packages are those of their headers."""
    assert _cause(HEAD + '[[package]]\nname = "p"\n') == (
        "TOML parse error at line 4, column 1\n  |\n4 | [[package]]\n  | ^^^^^^^^^^^\nmissing field `source`"
    )


def test_a_file_that_is_no_toml_is_refused():
    """A merge conflict, say."""
    assert _cause("version = \n").startswith("TOML parse error at line 1, column 11\n")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (
            HEAD.replace("version = 1", "version = 2"),
            "The lockfile at `uv.lock` uses an unsupported schema version (v2",
        ),
        ("version = 2\n", "Failed to parse `uv.lock`, which uses an unsupported schema"),
        (
            HEAD.replace("version = 1", "version = 2") + PROJECT + 'dependencies = [{ name = "zz" }]\n',
            "Failed to parse `uv.lock`, which uses an unsupported schema",
        ),
    ],
)
def test_another_schema_version_is_refused_by_name(text: str, start: str):
    """The user is told to use another tool, whether or not the rest can be read."""
    with pytest.raises(UnsupportedLockVersion) as caught:
        parse_lock(text)
    assert str(caught.value).startswith(start)


def test_wheel_versions_are_compared_by_meaning():
    """`1.0.0` and a local variant name the same release."""
    wheels = '{ path = "a-1.0.0-py3-none-any.whl" }, { path = "a-1.0+cpu-py3-none-any.whl" }'
    text = f"{HEAD}{REGISTRY}wheels = [{wheels}]\n"
    assert len(parse_lock(text).packages[0].wheels) == 2


def test_tomllib_is_the_reference_for_strings():
    """Every way of quoting is read back."""
    for value in (
        "plain",
        'with "quotes"',
        "with 'single' and \"double\"",
        "back\\slash",
        "tab\tnew\nline",
        "bell\x07",
    ):
        from mauve.standards.toml_strings import quote

        assert tomllib.loads(f"x = {quote(value)}")["x"] == value
