"""What is exported, and how it is written."""

from __future__ import annotations

from mauve.config.arguments.lockfile import LockedArgs
from mauve.config.arguments.selection import EditableArgs, OmissionArgs
from mauve.config.declare import ArgumentGroup, flag, value, values
from mauve.config.environment import EnvVar


class ExportArgs(ArgumentGroup, title="Options"):
    """What is exported."""

    format: str | None = value(
        "--format",
        choices=("requirements.txt", "pylock.toml", "cyclonedx1.5"),
        hidden_choices={"requirements-txt": "requirements.txt", "pylock-toml": "pylock.toml"},
        help="The format to which `uv.lock` should be exported",
    )
    all_packages: bool | None = flag("--all-packages", help="Export the entire workspace")
    package: tuple[str, ...] = values(
        "--package", help="Export the dependencies for specific packages in the workspace"
    )
    prune: tuple[str, ...] = values(
        "--prune", metavar="PACKAGE", help="Prune the given package from the dependency tree"
    )


class ExportTextArgs(ArgumentGroup, title="Options"):
    """What is written besides the packages."""

    no_annotate: bool | None = flag(
        "--no-annotate",
        off="--annotate",
        help="Exclude comment annotations indicating the source of each package",
    )
    no_header: bool | None = flag(
        "--no-header",
        off="--header",
        help="Exclude the comment header at the top of the generated output file",
    )
    emit_index_url: bool | None = flag(
        "--emit-index-url",
        off="--no-emit-index-url",
        help="Include `--index-url` and `--extra-index-url` entries in the generated output file",
    )
    emit_find_links: bool | None = flag(
        "--emit-find-links",
        off="--no-emit-find-links",
        help="Include `--find-links` entries in the generated output file",
    )


class ExportEditableArgs(EditableArgs, title="Options"):
    """Whether source trees are exported as installed in place."""

    no_editable: bool | None = flag(
        "--no-editable",
        env=EnvVar.NO_EDITABLE,
        off="--editable",
        help="Export any editable dependencies, including the project and any workspace members, as non-editable",
    )
    no_editable_package: tuple[str, ...] = values(
        "--no-editable-package",
        help="Export the specified editable packages as non-editable",
    )


class ExportFileArgs(ArgumentGroup, title="Options"):
    """Where the export goes."""

    no_hashes: bool | None = flag("--no-hashes", off="--hashes", help="Omit hashes in the generated output")
    output_file: str | None = value("-o", "--output-file", help="Write the exported requirements to the given file")
    batch: str | None = value(
        "--batch", hidden=True, help="Write the exports that the given TOML file describes, each to its own file"
    )


class EmissionArgs(OmissionArgs, title="Options"):
    """What is left out of the export although it is selected."""

    no_install_project: bool | None = flag(
        "--no-emit-project", aliases=("--no-install-project",), help="Do not emit the current project"
    )
    no_install_workspace: bool | None = flag(
        "--no-emit-workspace",
        aliases=("--no-install-workspace",),
        help="Do not emit any workspace members, including the root project",
    )
    no_install_local: bool | None = flag(
        "--no-emit-local",
        aliases=("--no-install-local",),
        help="Do not include local path dependencies in the exported requirements",
    )
    no_install_package: tuple[str, ...] = values(
        "--no-emit-package", split=",", aliases=("--no-install-package",), help="Do not emit the given package(s)"
    )
    only_install_project: bool | None = flag("--only-emit-project", aliases=("--only-install-project",), hidden=True)
    only_install_workspace: bool | None = flag(
        "--only-emit-workspace", aliases=("--only-install-workspace",), hidden=True
    )
    only_install_local: bool | None = flag("--only-emit-local", aliases=("--only-install-local",), hidden=True)
    only_install_package: tuple[str, ...] = values(
        "--only-emit-package", split=",", aliases=("--only-install-package",), hidden=True
    )


class ExportLockedArgs(LockedArgs, title="Options"):
    """Whether the lockfile may change, and whose it is."""

    frozen: bool | None = flag(
        "--frozen", env=EnvVar.FROZEN, off="--no-frozen", help="Do not update the `uv.lock` before exporting"
    )
    script: str | None = value(
        "--script",
        help="Export the dependencies for the specified PEP 723 Python script, rather than the current project",
    )
