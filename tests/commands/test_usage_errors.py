"""What is said of words that do not fit."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from mauve.cli.similarity import closest, jaro_similarity

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine


@pytest.mark.parametrize(
    ("words", "message", "usage"),
    [
        (
            "-q add x --tag 1 --cache-dir c --branch b -v",
            "the argument '--tag <TAG>' cannot be used with '--branch <BRANCH>'",
            (
                "add --tag <TAG> --cache-dir <CACHE_DIR> --verbose... --exclude-newer <EXCLUDE_NEWER> "
                "<PACKAGES|--requirements <REQUIREMENTS>>"
            ),
        ),
        (
            "lock --check --dry-run --frozen",
            "the argument '--check' cannot be used with:\n  --dry-run\n  --frozen",
            "lock --check --exclude-newer <EXCLUDE_NEWER>",
        ),
        (
            "remove -q",
            "the following required arguments were not provided:\n  <PACKAGES>...",
            "remove --quiet... --exclude-newer <EXCLUDE_NEWER> <PACKAGES>...",
        ),
        (
            "add",
            "the following required arguments were not provided:\n  <PACKAGES|--requirements <REQUIREMENTS>>",
            "add --exclude-newer <EXCLUDE_NEWER> <PACKAGES|--requirements <REQUIREMENTS>>",
        ),
        (
            "venv --sed",
            "unexpected argument '--sed' found\n\n  tip: a similar argument exists: '--seed'",
            "venv --seed [PATH]",
        ),
        (
            "run --no-install-project",
            "unexpected argument '--no-install-project' found\n\n  tip: a similar argument exists: '--no-reinstall'",
            "run [OPTIONS] [COMMAND]",
        ),
        (
            "init q --backend hatch",
            "unexpected argument '--backend' found\n\n  tip: a similar argument exists: '--build-backend'",
            "init [OPTIONS] [PATH]",
        ),
        ("lock -qZ", "unexpected argument '-Z' found", "lock [OPTIONS]"),
        ("lock -U=x", "unexpected argument '-=' found", "lock [OPTIONS]"),
        ("lock --index -x", "unexpected argument '-x' found", "lock [OPTIONS]"),
        ("lock --index a -q --foo", "unexpected argument '--foo' found", "lock --index <INDEX> --quiet..."),
        ("lock --dry-run --dry-run", "the argument '--dry-run' cannot be used multiple times", "lock [OPTIONS]"),
        (
            "lock -q -v",
            "the argument '--quiet...' cannot be used with '--verbose...'",
            "lock --quiet... --exclude-newer <EXCLUDE_NEWER>",
        ),
        (
            "venv x --foo",
            "unexpected argument '--foo' found\n\n  tip: to pass '--foo' as a value, use '-- --foo'",
            "venv <PATH>",
        ),
        (
            "version 1.0 --bump patch",
            "the argument '[VALUE]' cannot be used with '--bump <BUMP[=VALUE]>'",
            "version --exclude-newer <EXCLUDE_NEWER> <VALUE>",
        ),
        (
            "init --script",
            "the following required arguments were not provided:\n  <PATH>",
            "init --script <PATH>",
        ),
        (
            "--offline --cach lock",
            "unexpected argument '--cach' found\n\n  tip: a similar argument exists: '--no-cache'",
            "--offline --no-cache <COMMAND>",
        ),
        ("cache -q --foo dir", "unexpected argument '--foo' found", "cache --quiet... <COMMAND>"),
        (
            "cache cleen",
            "unrecognized subcommand 'cleen'\n\n  tip: some similar subcommands exist: 'clear', 'clean'",
            "cache [OPTIONS] <COMMAND>",
        ),
        (
            "self -q",
            "'uv self' requires a subcommand but one was not provided\n  [subcommands: update, version]",
            "self [OPTIONS] <COMMAND>",
        ),
        (
            "lock --check=x",
            "unexpected value 'x' for '--check' found; no more were expected",
            "lock --check",
        ),
    ],
    ids=lambda value: value.split(" ", 1)[0],
)
def test_the_usage_shows_what_was_used(tool: CommandLine, words: str, message: str, usage: str) -> None:
    """Options of the command and of variables, without those that are refused."""
    ran = tool.run(
        *words.split(),
        variables={"UV_EXCLUDE_NEWER": "2024-01-01", "UV_DEFAULT_INDEX": None, "UV_PYTHON": None, "UV_CACHE_DIR": None},
    )
    assert ran.status == 2
    assert ran.err == f"error: {message}\n\nUsage: mauve {usage}\n\nFor more information, try '--help'.\n"


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("export -o", "--output-file <OUTPUT_FILE>"),
        ("lock --script", "--script <SCRIPT>"),
        ("venv", "[PATH]"),
        ("init", "[PATH]"),
    ],
)
def test_a_path_is_not_empty(tool: CommandLine, words: str, label: str) -> None:
    """What would be at an empty path is the folder that one is in."""
    before = tool.snapshot()
    ran = tool.run(*words.split(), "")
    message = f"error: a value is required for '{label}' but none was supplied\n\nFor more information, try '--help'.\n"
    assert (ran.status, ran.err, tool.snapshot()) == (2, message, before)


def test_an_environment_that_is_not_cleared_is_not_kept_either(tool: CommandLine) -> None:
    """Whichever of the two is said first."""
    for words in ("--no-clear --allow-existing", "--allow-existing --no-clear"):
        ran = tool.run("venv", *words.split())
        first, second = words.split()
        assert ran.status == 2
        assert ran.err.startswith(f"error: the argument '{first}' cannot be used with '{second}'\n")


@pytest.mark.parametrize("words", ["add b --frozen -c", "run --no-sync --with-requirements"])
def test_an_empty_name_of_a_list_is_none(tool: CommandLine, words: str) -> None:
    """Which is what a variable that is not set leaves in a shell script."""
    tool.write_project()
    ran = tool.run(*words.split(), "", *(["true"] if words.startswith("run") else []))
    assert ran.status == 0, ran.err


@pytest.mark.parametrize(
    ("bump", "message"),
    [
        ("foo=1", "invalid bump component `foo`"),
        ("stable=1", "`--bump stable` does not accept a value"),
        ("minor=", "`--bump` values cannot be empty"),
        ("minor=-1", "invalid numeric value `-1` for `--bump minor`"),
        ("minor=18446744073709551616", "invalid numeric value `18446744073709551616` for `--bump minor`"),
    ],
)
def test_bumps_are_read_before_the_project(tool: CommandLine, bump: str, message: str) -> None:
    """They are words of the command line."""
    ran = tool.run("version", "--bump", bump)
    usage = "Usage: mauve version [OPTIONS] [VALUE]"
    assert (ran.status, ran.err) == (2, f"error: {message}\n\n{usage}\n\nFor more information, try '--help'.\n")


def test_the_program_tells_its_own_version(tool: CommandLine) -> None:
    """In words, alone, or as JSON with the platform."""
    ran = tool.run("self", "version")
    name, version, triple = ran.out.split()
    assert (ran.status, name) == (0, "mauve")
    assert tool.run("self", "version", "--short").out == f"{version}\n"
    fields = json.loads(tool.run("self", "version", "--output-format", "json").out)
    assert fields == {
        "package_name": "mauve",
        "version": version,
        "commit_info": None,
        "target_triple": triple.strip("()"),
    }


@pytest.mark.parametrize(
    ("option", "start"),
    [("--dry-run", "Self-update is only available"), ("--offline", "Self-update is not possible because network")],
)
def test_the_program_does_not_update_itself(tool: CommandLine, option: str, start: str) -> None:
    """Package managers do."""
    ran = tool.run("self", "update", option)
    assert ran.status == 2
    assert ran.err.startswith(f"error: {start}")


@pytest.mark.parametrize(("words", "stays"), [("--clear --allow-existing", True), ("--allow-existing --clear", False)])
def test_the_last_of_two_ways_counts(tool: CommandLine, words: str, stays: bool) -> None:
    """An environment is emptied or kept."""
    assert tool.run("venv").status == 0
    (tool.project / ".venv/mine").write_text("")
    assert tool.run("venv", *words.split()).status == 0
    assert (tool.project / ".venv/mine").exists() is stays


def test_similarity_is_that_of_jaro() -> None:
    """Examples of the literature."""
    assert round(jaro_similarity("MARTHA", "MARHTA"), 3) == 0.944
    assert round(jaro_similarity("DIXON", "DICKSONX"), 3) == 0.767
    assert jaro_similarity("", "") == 1
    assert jaro_similarity("a", "b") == 0
    assert closest("--quie", ("--quiet", "--verbose")) == "--quiet"
    assert closest("--xyz", ("--quiet",)) is None


@pytest.mark.parametrize(
    ("words", "variables", "first", "second"),
    [
        (
            "add b --frozen",
            {"UV_NO_INSTALL_PROJECT": "1"},
            "UV_NO_INSTALL_PROJECT",
            "`--frozen`",
        ),
        (
            "add b --no-sync",
            {"UV_ONLY_INSTALL_LOCAL": "1"},
            "UV_ONLY_INSTALL_LOCAL",
            "`--no-sync`",
        ),
        (
            "add b --no-install-local",
            {"UV_NO_SYNC": "1"},
            "`--no-install-local`",
            "UV_NO_SYNC",
        ),
        ("remove b --frozen --no-sync", {}, "`--no-sync`", "`--frozen`"),
        (
            "version --bump patch",
            {"UV_FROZEN": "1", "UV_NO_SYNC": "1"},
            "UV_NO_SYNC",
            "UV_FROZEN",
        ),
    ],
)
def test_nothing_is_left_out_of_nothing(
    tool: CommandLine, words: str, variables: dict[str, str], first: str, second: str
) -> None:
    """Where nothing is installed."""
    first, second = (f"`{name}` (environment variable)" if name.startswith("UV") else name for name in (first, second))
    tool.write_project("b")
    ran = tool.run(*words.split(), variables=variables)
    assert (ran.status, ran.err) == (2, f"error: the argument {first} cannot be used with {second}\n")


def test_a_group_without_anything_shows_its_page(tool: CommandLine) -> None:
    """On standard error; with a variable or an option, somebody meant a command."""
    without: dict[str, str | None] = {"UV_CACHE_DIR": None}
    page = tool.run("cache", "--help", variables=without)
    shown = tool.run("cache", variables={**without, "UV_OFFLINE": "1"})
    assert (shown.status, shown.out, shown.err) == (2, "", page.out)
    assert "requires a subcommand" in tool.run("cache").err


def test_help_knows_other_names_of_commands(tool: CommandLine) -> None:
    """As the command line does."""
    assert tool.run("help", "v").out == tool.run("help", "venv").out
    assert tool.run("help", "cache", "clear").out == tool.run("help", "cache", "clean").out


@pytest.mark.parametrize(
    ("variable", "label", "values"),
    [
        ("UV_LINK_MODE", "--link-mode <LINK_MODE>", "clone, copy, hardlink, symlink"),
        ("UV_RESOLUTION", "--resolution <RESOLUTION>", "highest, lowest, lowest-direct"),
        ("UV_CACHE_DIR", "--cache-dir <CACHE_DIR>", ""),
        ("UV_PROJECT", "--project <PROJECT>", ""),
        ("UV_WORKING_DIR", "--directory <DIRECTORY>", ""),
    ],
)
def test_an_empty_variable_is_no_value_of_an_option_that_needs_one(
    tool: CommandLine, variable: str, label: str, values: str
) -> None:
    """A script that forgot to set it is told so; an empty cache folder would be the folder at hand."""
    tool.write_project()
    ran = tool.run("lock", variables={variable: ""})
    possible = f"  [possible values: {values}]\n" if values else ""
    message = f"error: a value is required for '{label}' but none was supplied\n{possible}"
    assert (ran.status, ran.err) == (2, f"{message}\nFor more information, try '--help'.\n")


def test_an_empty_cut_off_is_none_that_can_be_read(tool: CommandLine) -> None:
    """Files of any age would be taken otherwise."""
    tool.write_project()
    ran = tool.run("lock", variables={"UV_EXCLUDE_NEWER": ""})
    assert ran.status == 2
    assert ran.err.startswith("error: invalid value '' for '--exclude-newer <EXCLUDE_NEWER>': `` could not be parsed")


@pytest.mark.parametrize("field", ["no-build-package", "no-binary-package", "no-sources-package"])
def test_an_empty_text_is_no_name_of_a_package(tool: CommandLine, field: str) -> None:
    """Nothing would be kept from being built."""
    tool.write_project()
    ran = tool.run("lock", f"--{field}", "")
    label = field.replace("-", "_").upper()
    assert ran.status == 2
    assert ran.err.startswith(f"error: invalid value '' for '--{field} <{label}>': Not a valid package or extra name")


def test_a_command_runs_in_one_package(tool: CommandLine) -> None:
    """Its environment is that of one member."""
    tool.write_project()
    ran = tool.run("run", "--package", "p", "--package", "p", "true")
    assert ran.status == 2
    assert ran.err.startswith("error: the argument '--package <PACKAGE>' cannot be used multiple times\n")


def test_a_folder_of_links_must_be_there_even_if_nothing_is_looked_for(tool: CommandLine) -> None:
    """With a lock that holds, and without any requirement."""
    tool.write_project()
    assert tool.run("lock").status == 0
    ran = tool.run("lock", "--find-links", "missing")
    assert ran.status == 2
    assert f"error: Failed to read `--find-links` directory: {tool.project / 'missing'}\n" in ran.err


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        ("-5", "invalid value: integer `-5`, expected u64"),
        ("5.5", "invalid type: floating point `5.5`, expected u64"),
        (f"{10**23}", f"invalid type: integer `{10**23}` as i128, expected u64"),
    ],
)
def test_the_size_of_a_file_in_a_lock_is_a_number_of_bytes(tool: CommandLine, size: str, reason: str) -> None:
    """Whoever edited the lockfile is shown the place."""
    tool.write_project("a")
    assert tool.run("lock").status == 0
    lockfile = tool.project / "uv.lock"
    lockfile.write_text(re.sub(r"size = \d+", f"size = {size}", lockfile.read_text()))
    ran = tool.run("lock")
    assert ran.status == 2
    assert "error: Failed to parse `uv.lock`\n  cause: TOML parse error at line " in ran.err
    assert ran.err.endswith(f"{reason}\n")
