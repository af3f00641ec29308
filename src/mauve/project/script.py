"""A script with inline metadata, read: its requirements, its Python, and its `[tool.uv]`.

A script is lowered and locked as the root of a workspace without members: its block takes the place of
`pyproject.toml`.

Specification: PEP 723, docs/project.md "run".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, ValidationError, convert, structs

from mauve.errors import MauveError
from mauve.filesystem.text import read_text
from mauve.project.lowering import Lowering
from mauve.project.manifest import ManifestValues, assemble_manifest
from mauve.project.pyproject import PyProject, read_uv_table
from mauve.project.tables import ScriptTable
from mauve.project.templates import SCRIPT_BLOCK
from mauve.project.workspace import Workspace
from mauve.standards.requirements import Requirement, parse_requirement
from mauve.standards.script import ScriptBlock, find_script_block
from mauve.standards.specifiers import Specifiers, parse_specifiers
from mauve.standards.toml import parse_toml

if TYPE_CHECKING:
    from mauve.resolver.manifest import Manifest

STANDARD_INPUT: Final = "-"


class MissingScript(MauveError):
    """There is no file of this name."""

    def __init__(self, shown: str) -> None:
        """Name the file as the user did."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Failed to read `{self.shown}` (not found); run `uv init --script {self.shown}` to create a PEP 723 script"
        )


class MissingMetadata(MauveError):
    """A script has no block where one is needed."""

    def __init__(self, shown: str) -> None:
        """Name the file as the user did."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"`{self.shown}` does not contain a PEP 723 metadata tag; run `uv init --script {self.shown}` to "
            "initialize the script"
        )


_FOREIGN: Final = frozenset(
    (
        "audit",
        "build-backend",
        "cache-keys",
        "check-url",
        "conflicts",
        "default-groups",
        "dependency-groups",
        "dev-dependencies",
        "environments",
        "managed",
        "minimum-libc-version",
        "package",
        "pip",
        "publish-url",
        "required-environments",
        "trusted-publishing",
        "workspace",
    )
)
"""Keys of `[tool.uv]` that mean nothing in a script."""


class InvalidScript(MauveError):
    """The block of a script is refused; the whole message is the report."""

    def __init__(self, report: str) -> None:
        """Keep the report."""
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        """Return the report."""
        return self.report


class Script(Struct, frozen=True, kw_only=True):
    """A script and what its block says.

    Attributes:
        path: absolute; `-` for standard input.
        shown: as the user named it.
        document: the block as plain values.
        project: the block in the shape of a project without `[project]`.
        has_dependencies: whether the key is there.
    """

    path: str
    shown: str
    block: ScriptBlock
    document: dict[str, Any]
    project: PyProject
    dependencies: tuple[Requirement, ...] = ()
    has_dependencies: bool = False
    requires_python: Specifiers | None = None

    @property
    def root(self) -> str:
        """Return the folder that relative paths start from."""
        return self.project.root

    @property
    def text(self) -> str:
        """Return the whole script."""
        return self.block.with_metadata(self.block.metadata)

    @property
    def lock_path(self) -> str:
        """Return the path of the lockfile, which need not exist."""
        return f"{self.path}.lock"

    @property
    def is_file(self) -> bool:
        """Return whether the script has a place of its own, and so may have a lockfile."""
        return self.path != STANDARD_INPUT

    @property
    def workspace(self) -> Workspace:
        """Return the script as the root of a workspace without members."""
        return Workspace(root=self.root, pyproject=self.project, members={}, required={})


def parse_script(text: str, path: str, shown: str) -> Script | None:
    """Return the script of *text*, which is to be found at *path*; None if it has no block.

    Raises:
        UnclosedScriptBlock: the block does not end.
        InvalidScript: the block is not TOML, or not of the right shape.
    """
    block = find_script_block(text)
    if block is None:
        return None
    # As uv does: every line behind the block ends in a line feed, and there is one.
    lines = block.postlude.splitlines() or [""]
    return _read(structs.replace(block, postlude="".join([f"{line}\n" for line in lines])), path, shown)


def imagine_script(text: str, path: str, shown: str, requires_python: str) -> Script:
    """Return the script of *text*, which has no block, with one for *requires_python* behind its first line."""
    new = find_script_block(SCRIPT_BLOCK.format(requires_python=requires_python))
    if new is None:
        raise LookupError(SCRIPT_BLOCK)
    prelude = ""
    if text.startswith("#!"):
        shebang, newline, text = text.partition("\n")
        prelude = f"{shebang}{newline or chr(10)}"
    return _read(ScriptBlock(prelude, new.metadata, text), path, shown)


def edited_script(script: Script, metadata: str) -> Script:
    """Return *script* with *metadata* (TOML) in its block.

    Raises:
        InvalidScript: that cannot be.
    """
    if not script.block.metadata.strip():
        # As uv does: what was an empty block ends in an empty line.
        metadata += "\n"
    return _read(structs.replace(script.block, metadata=metadata), script.path, script.shown)


def read_script(path: str, shown: str) -> Script:
    """Return the script at *path* (absolute), which must have a block.

    Raises:
        MissingScript, UnreadableFile: it cannot be read.
        MissingMetadata: it has no block.
        MauveError: its block cannot be used.
    """
    try:
        text = read_text(path, shown)
    except FileNotFoundError:
        raise MissingScript(shown) from None
    script = parse_script(text, path, shown)
    if script is None:
        raise MissingMetadata(shown)
    return script


def _read(block: ScriptBlock, path: str, shown: str) -> Script:
    try:
        document = parse_toml(block.metadata)
    except ValueError as error:
        raise InvalidScript(str(error)) from None
    _check_fields(block.metadata, document)
    try:
        table = convert(document, ScriptTable)
        project_path = path if path != STANDARD_INPUT else os.path.join(os.getcwd(), STANDARD_INPUT)
        uv = read_uv_table(table.tool)
        return Script(
            path=path,
            shown=shown,
            block=block,
            document=document,
            project=PyProject(path=project_path, text=block.metadata, uv=uv),
            dependencies=tuple([parse_requirement(text) for text in table.dependencies or ()]),
            has_dependencies=table.dependencies is not None,
            requires_python=None if table.requires_python is None else parse_specifiers(table.requires_python),
        )
    except (ValueError, ValidationError, MauveError) as error:
        from mauve.project.diagnosis import diagnose_script

        raise InvalidScript(str(diagnose_script(block.metadata, document, error))) from error


def _check_fields(text: str, document: dict[str, Any]) -> None:
    """Refuse settings that only projects have."""
    tool = document.get("tool")
    uv = tool.get("uv") if isinstance(tool, dict) else None
    for key in uv if isinstance(uv, dict) else ():
        if key in _FOREIGN:
            from mauve.standards.toml import point_at

            raise InvalidScript(str(point_at(text, ("tool", "uv"), f"unknown field `{key}`")))


def script_manifest(script: Script, values: ManifestValues) -> Manifest:
    """Return the inputs of the resolution of *script*.

    Raises:
        MauveError: something that was declared cannot be used.
    """
    lowering = Lowering(
        pyproject=script.project,
        workspace=script.workspace,
        policy=values.sources,
        typed_indexes=values.typed_indexes,
        configured_names=values.configured_names,
        variables=values.variables,
    )
    requirements = [each for entry in script.dependencies for each in lowering.lower(entry)]
    return structs.replace(assemble_manifest(script.workspace, values), requirements=tuple(requirements))
