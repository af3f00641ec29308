"""Write docs/reference.md: commands, options, variables and settings, as the code declares them.

    python -m tests.reference

`tests/architecture/test_documents.py` fails while the page is not what this makes of the code.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mauve.cli.app import COMMANDS
from mauve.cli.help import usage_tail
from mauve.cli.help_order import option_order, own_words
from mauve.config.declare import COUNT, FLAG, VALUES
from mauve.config.environment import EnvVar
from mauve.config.tables import SettingsTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.config.declare import CommandSpec, OptionSpec

_REPEATED: Final = re.compile(r" \[env: `?[A-Z_]+`?=\]")
"""The variable of an option, where its help names it too."""

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference.md"

_INTRODUCTION: Final = """# Reference

Made of the declarations in the code by `python -m tests.reference`; edit those, not this page. What commands do in
detail is on [project.md](project.md); where mauve differs from uv on purpose, on [differences.md](differences.md).

Of an option that has a variable and a setting, the command line counts first, then the variable, then the setting.
Flags of variables are `1`, `true`, `yes`, `on` or `0`, `false`, `no`, `off`.

`mauve generate-shell-completion SHELL` prints what bash, elvish, fish, nushell, powershell or zsh reads to complete
commands, options and values, for instance `eval "$(mauve generate-shell-completion bash)"` in `~/.bashrc`. The shell
asks mauve whenever a line is completed, so the script stays right when mauve is updated.
"""

_VARIABLES: Final = {
    "UV_COMPILE_BYTECODE_TIMEOUT": "Seconds that compiling may take; 0 is no limit",
    "UV_CONCURRENT_BUILDS": "How many packages are built at once",
    "UV_CONCURRENT_DOWNLOADS": "How many files are downloaded at once",
    "UV_CONCURRENT_INSTALLS": "How many packages are installed at once",
    "UV_CREDENTIALS_DIR": "Where `auth login` keeps credentials",
    "UV_CUDA_DRIVER_VERSION": "Has to be a version; nothing depends on it yet",
    "UV_GIT_LFS": "Fetch the large files of repositories (Git LFS) where a source says nothing about them",
    "UV_HIDE_BUILD_OUTPUT": "Do not show what build backends print when they fail",
    "UV_HTTP_CONNECT_TIMEOUT": "Seconds until a connection has to stand",
    "UV_HTTP_RETRIES": "How often a request is tried again",
    "UV_HTTP_TIMEOUT": "Seconds that a server may be silent",
    "UV_LOCK_TIMEOUT": "Seconds to wait for another process",
    "UV_NATIVE_TLS": "The former name of `UV_SYSTEM_CERTS`",
    "UV_NO_SYSTEM_CONFIG": "Do not read the settings of the system",
    "UV_PROJECT_ENVIRONMENT": "Where the environment of a project is, in place of `.venv`",
    "UV_PYTHON_DOWNLOADS": "`automatic`, `manual` or `never`",
    "UV_REQUEST_TIMEOUT": "Another name of `UV_HTTP_TIMEOUT`",
    "UV_RUN_RECURSION_DEPTH": "How deep runs are nested; set by `run` itself",
    "UV_SKIP_WHEEL_FILENAME_CHECK": "Install wheels whose metadata contradicts their file names",
}
"""What variables do that belong to no option."""

_SETTINGS: Final = {
    "add-bounds": "`--bounds` of `add`",
    "build-constraint-dependencies": "Bounds of what builds require",
    "cache-keys": "Files, folders, variables and commits that decide whether a source tree is built again",
    "concurrent-builds": "How many packages are built at once",
    "concurrent-downloads": "How many files are downloaded at once",
    "concurrent-installs": "How many packages are installed at once",
    "config-settings": "What is passed to build backends",
    "conflicts": "Extras and groups that are never installed together",
    "constraint-dependencies": "Bounds of what the lock may choose",
    "default-groups": "Groups that are installed without being asked for",
    "dependency-groups": "The Python versions that a group is for",
    "dependency-metadata": "What packages require, in place of what their files say",
    "dev-dependencies": "The former place of `dependency-groups.dev`",
    "environments": "Markers of the platforms that the lock is made for",
    "exclude-dependencies": "Packages that are left out wherever they are required",
    "extra-build-dependencies": "What builds of a package require besides what it says",
    "extra-build-variables": "Variables of builds of a package",
    "http-proxy": "The proxy of requests over HTTP",
    "https-proxy": "The proxy of requests over HTTPS",
    "index": "Package indexes, as tables with a name",
    "managed": "If `false`, the project is not to be touched",
    "minimum-libc-version": "The oldest C library that wheels have to run on",
    "native-tls": "The former name of `system-certs`",
    "no-proxy": "Hosts that are reached without a proxy",
    "override-dependencies": "Requirements in place of all others of the same package",
    "package": "Whether the project is built and installed",
    "python-downloads": "`automatic`, `manual` or `never`",
    "required-environments": "Markers of platforms that every package needs a wheel for, if it has no source",
    "required-version": "The versions of uv that the project is for",
    "sources": "Where requirements come from, if not from an index",
    "workspace": "The members of the workspace",
}
"""What settings do that belong to no option, or to one that means something else."""

_COMMON: Final = (
    "The variables that many programs share count as well: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`; "
    "`SSL_CERT_FILE`, `SSL_CERT_DIR` and `SSL_CLIENT_CERT`; `NETRC`; `NO_COLOR`, `FORCE_COLOR` and `CLICOLOR_FORCE`; "
    "`VIRTUAL_ENV` and `CONDA_PREFIX`; the folders of XDG. An index called `name` takes its credentials from "
    "`UV_INDEX_NAME_USERNAME` and `UV_INDEX_NAME_PASSWORD`."
)

_ELSEWHERE: Final = (
    "audit build-backend check-url graalpy-install-mirror pip publish-url pypy-install-mirror pyodide-install-mirror "
    "python-downloads-json-url python-install-mirror torch-backend trusted-publishing"
)
"""Settings that are read for commands, backends and downloads that are not described here."""


def render_reference() -> str:
    """Return the text of the page."""
    commands = {path: import_module(module).command for path, (module, text) in COMMANDS.items() if module and text}
    shared = _shared(commands)
    lines = [_INTRODUCTION, "## Commands", ""]
    for path, command in commands.items():
        lines += [f"### `mauve {path}`", "", f"{COMMANDS[path][1]}.", ""]
        lines += ["```text", f"mauve {path} {usage_tail(command)}".rstrip(), "```", ""]
        lines += _own(command, shared)
    lines += ["## Shared options", ""]
    for title, options in shared.items():
        lines += [f"### {title}", "", *(_described(option) for option in options.values()), ""]
    lines += ["## Variables", "", *_variables(commands), "", _COMMON, ""]
    lines += ["## Settings", "", "In `uv.toml`, or in the table `[tool.uv]` of `pyproject.toml`.", ""]
    lines += [*_settings(commands), "", f"Read, and without effect on the commands above: {_ticked(_ELSEWHERE)}."]
    return "\n".join(lines) + "\n"


def _shown(command: CommandSpec) -> Iterator[tuple[str, OptionSpec]]:
    """Give each option with the title of its section, in the order of the help page."""
    places = option_order(command.path)
    found = command.specs().values()
    titled = [(group.title, option) for group in command.groups for option in group.specs.values() if option in found]
    titled.sort(key=lambda entry: places.get(entry[1].names[-1] if entry[1].names else "", len(places)))
    yield from ((title, option) for title, option in titled if not option.hidden)


def _shared(commands: dict[str, CommandSpec]) -> dict[str, dict[str, OptionSpec]]:
    """Return the options under headings of their own, which commands share: title, name, option."""
    shared: dict[str, dict[str, OptionSpec]] = {}
    for command in commands.values():
        for title, option in _shown(command):
            if title != "Options" and not option.is_positional and option.names[-1] != "--python":
                shared.setdefault(title, {}).setdefault(option.names[-1], option)
    return dict(sorted(shared.items(), key=lambda entry: (entry[0] == "Global options", entry[0])))


def _own(command: CommandSpec, shared: dict[str, dict[str, OptionSpec]]) -> list[str]:
    rows: list[str] = []
    others: dict[str, list[str]] = {}
    for title, option in _shown(command):
        if title == "Options" or option.is_positional or option.names[-1] == "--python":
            rows.append(_described(option, command.path))
        else:
            others.setdefault(title, []).append(option.names[-1])
    rows = list(dict.fromkeys(rows))
    for title in shared:
        if title == "Global options" or title not in others:
            continue
        rows.append(f"- [{title}](#{title.lower().replace(' ', '-')}): {_ticked(' '.join(others[title]))}")
    return [*rows, ""] if rows else []


def _described(option: OptionSpec, path: str = "") -> str:
    text = own_words(path, option.names[-1] if option.names else "", option.help)
    text = _REPEATED.sub("", text.replace("<{default_index}>", "PyPI")).replace("<", "&lt;")
    remarks = [f"one of {_ticked(' '.join(option.choices))}"] if option.choices else []
    if option.kind in (VALUES, COUNT):
        remarks.append("may be repeated")
    if option.env is not None:
        remarks.append(f"variable `{option.env}`")
    return " ".join(
        part for part in (f"- {_spelled(option)}", f"- {text}" if text else "", _bracketed(remarks)) if part
    )


def _spelled(option: OptionSpec) -> str:
    if option.is_positional:
        return f"`{option.label}`"
    value = "" if option.kind in (FLAG, COUNT) else f" <{option.value_name}>"
    return ", ".join(f"`{name}{value if name == option.names[-1] else ''}`" for name in option.names)


def _bracketed(remarks: list[str]) -> str:
    return f"({'; '.join(remarks)})" if remarks else ""


def _ticked(names: str) -> str:
    return ", ".join(f"`{name}`" for name in names.split())


def _options_by(commands: dict[str, CommandSpec], attribute: str) -> dict[str, list[str]]:
    """Return the spellings of the options by their variable or field."""
    found: dict[str, dict[str, None]] = {}
    for command in commands.values():
        for field, option in command.specs().items():
            name = option.env if attribute == "env" else field.replace("_", "-")
            if name is not None and not option.is_positional:
                found.setdefault(name, {})[option.names[-1]] = None
    return {name: list(spellings) for name, spellings in found.items()}


def _variables(commands: dict[str, CommandSpec]) -> list[str]:
    declared = {value for name, value in vars(EnvVar).items() if name.isupper()}
    options = _options_by(commands, "env")
    rows = []
    for name in sorted(declared | options.keys()):
        if "_TEST_" not in name:
            text = _VARIABLES[name] if name not in options else _ticked(" ".join(options[name]))
            rows.append(f"- `{name}` - {text}")
    return rows


def _settings(commands: dict[str, CommandSpec]) -> list[str]:
    options = _options_by(commands, "field")
    elsewhere = _ELSEWHERE.split()
    rows = []
    for field in sorted(SettingsTable.__struct_fields__):
        name = field.replace("_", "-")
        if name not in elsewhere:
            text = _SETTINGS.get(name) or _ticked(" ".join(options[name]))
            rows.append(f"- `{name}` - {text}")
    return rows


if __name__ == "__main__":
    PAGE.write_text(render_reference(), encoding="utf-8")
