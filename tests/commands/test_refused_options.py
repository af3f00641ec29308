"""Options and settings do what they say, or are refused; none is passed over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine


def test_names_of_packages_are_checked(tool: CommandLine) -> None:
    """The message names the option."""
    tool.write_project("a")
    ran = tool.run("lock", "--no-build-package", "a!")
    assert ran.err.startswith("error: invalid value 'a!' for '--no-build-package <NO_BUILD_PACKAGE>': Not a valid")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("UV_PYTHON_PREFERENCE", "nix", "invalid value 'nix' for '--python-preference <PYTHON_PREFERENCE>'"),
        ("UV_PYTHON_DOWNLOADS", "nix", "invalid value for UV_PYTHON_DOWNLOADS, expected one of 'auto', 'true',"),
        ("UV_NO_BUILD", "x", "invalid value 'x' for '--no-build': value was not a boolean"),
        ("UV_CONSTRAINT", "some.txt", "File not found: some.txt"),
        ("UV_NO_BUILD_PACKAGE", "b a!", "Failed to parse environment variable `UV_NO_BUILD_PACKAGE` with"),
    ],
)
def test_variables_count_as_options(tool: CommandLine, variable: str, value: str, message: str) -> None:
    """A wrong value is told, and no error of ours."""
    tool.write_project("a")
    ran = tool.run("add", "b", variables={variable: value})
    assert f"error: {message}" in ran.err


@pytest.mark.parametrize("value", ["auto", "true", "manual", "never", "false"])
def test_downloads_have_several_spellings(tool: CommandLine, value: str) -> None:
    """As in uv."""
    tool.write_project("a")
    assert tool.run("lock", variables={"UV_PYTHON_DOWNLOADS": value}).status == 0


def test_settings_are_not_shown(tool: CommandLine) -> None:
    """The page would be about the insides of uv."""
    assert tool.run("lock", "--show-settings").err == "error: `--show-settings` is not supported yet\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lock",), "is deprecated and has no effect. Instead, use `--no-config` to prevent uv from discovering"),
        (("init", "q"), "or `--no-workspace` to prevent uv from adding the initialized project to the containing"),
        (("cache", "dir"), "flag is deprecated. Instead, use `--no-config`"),
    ],
)
def test_isolation_of_old_is_told(tool: CommandLine, words: tuple[str, ...], said: str) -> None:
    """It once hid settings files."""
    tool.write_project()
    ran = tool.run(*words, "--isolated")
    assert ran.status == 0
    assert ran.err.startswith("warning: The `--isolated` flag is deprecated")
    assert said in ran.err


def test_options_of_virtualenv_are_told(tool: CommandLine) -> None:
    """What they ask for is the case."""
    ran = tool.run("venv", "--no-seed", "--no-pip", "--no-system")
    assert ran.status == 0
    assert ran.err.splitlines()[:3] == [
        "warning: virtualenv's `--no-seed` has no effect (uv omits seed packages by default)",
        "warning: virtualenv's `--no-pip` has no effect (uv omits `pip` by default)",
        (
            "warning: The `--no-system` flag has no effect, `uv venv` always ignores virtual environments when finding "
            "a Python interpreter; did you mean `--managed-python`?"
        ),
    ]


@pytest.mark.parametrize(("depth", "status"), [("3", 0), ("4", 2)])
def test_a_run_that_runs_itself_comes_to_an_end(tool: CommandLine, depth: str, status: int) -> None:
    """As a script does whose shebang names itself."""
    words = ("run", "--no-project", "--max-recursion-depth", "3", "python", "-c", "pass")
    ran = tool.run(*words, variables={"UV_RUN_RECURSION_DEPTH": depth})
    assert ran.status == status
    assert ("was recursively invoked 4 times which exceeds the limit of 3" in ran.err) is (status != 0)


def test_pre_releases_can_be_allowed_in_one_word(tool: CommandLine) -> None:
    """`--pre` is `--prerelease allow`."""
    tool.write_project()
    assert tool.run("lock", "--pre").status == 0
    assert 'prerelease-mode = "allow"' in (tool.project / "uv.lock").read_text()


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("--preview-features no-such,pylock --preview-features no-such,nor-this", ("no-such", "nor-this")),
        ("--preview-features no-such --no-preview", ()),
        ("--preview --preview-features no-such", ()),
    ],
)
def test_previews_that_nobody_knows_are_told(tool: CommandLine, words: str, unknown: tuple[str, ...]) -> None:
    """Each once; not where all previews are wanted, or none."""
    tool.write_project()
    ran = tool.run("lock", "-q", *words.split())
    assert ran.status == 0
    ran = tool.run("cache", "dir", *words.split())
    assert ran.err.splitlines() == [f"warning: Unknown preview feature: `{name}`" for name in unknown]


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("preview = true\npreview-features = []", "cannot specify both `preview` and `preview-features`"),
        ('preview-features = [" "]', "preview feature name cannot be empty"),
        ('preview-features = "pylock"', 'invalid type: string "pylock", expected a boolean or a list of preview fe'),
    ],
)
def test_previews_of_a_file_are_all_or_a_list(tool: CommandLine, setting: str, reason: str) -> None:
    """Anything else is refused with the place."""
    (tool.project / "uv.toml").write_text(setting)
    ran = tool.run("cache", "dir")
    assert ran.status == 2
    assert reason in ran.err


def test_all_previews_of_a_file_can_be_taken_back(tool: CommandLine) -> None:
    """The command line is stronger."""
    (tool.project / "uv.toml").write_text("preview-features = true")
    assert "experimental" not in tool.run("cache", "size").err
    assert "cache-size" in tool.run("cache", "size", "--no-preview").err
    assert "cache-size" in tool.run("cache", "size", "--preview-features", "pylock").err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("sync --preview-features centralized-project-envs", "yet"),
        ("sync --preview-features centralized-project-envs --no-cache", "when `--no-cache` is enabled"),
        ("sync --preview", None),
    ],
)
def test_a_preview_that_is_not_there_is_told(tool: CommandLine, words: str, reason: str | None) -> None:
    """Where it is asked for by its name."""
    tool.write_project()
    ran = tool.run(*words.split())
    assert ran.status == 0
    told = f"warning: The `centralized-project-envs` feature has no effect {reason}\n"
    assert (told in ran.err) is (reason is not None)


def test_a_package_that_is_no_member_is_told_before_anything_is_done(tool: CommandLine) -> None:
    """No environment is made."""
    tool.write_project()
    ran = tool.run("run", "--package", "q", "python", "-c", "1")
    assert ran.err == f"error: The workspace does not have a member q: {tool.project}\n"
    assert not (tool.project / ".venv").exists()
