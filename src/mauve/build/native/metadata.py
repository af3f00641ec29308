"""METADATA and entry_points.txt of a project.

Specification: core metadata 2.3, 2.4 (PEP 639) and 2.5 (PEP 794); entry points specification.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from mauve.build.native.errors import BrokenRule, InvalidIdentifier, InvalidProjectMetadata, NativeBuildError
from mauve.build.native.identifiers import check_identifier
from mauve.build.native.licenses import check_license_terms, find_license_files
from mauve.compatibility import COMPATIBLE_UV
from mauve.standards.markers.diagram import extra_marker
from mauve.standards.requirements import Requirement, render_requirement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mauve.build.native.project import Contact, NativeProject, Readme
    from mauve.standards.markers.diagram import Marker

WHEEL_TAG: Final = "py3-none-any"

WHEEL_TEXT: Final = f"Wheel-Version: 1.0\nGenerator: uv {COMPATIBLE_UV}\nRoot-Is-Purelib: true\nTag: {WHEEL_TAG}\n"
"""The file WHEEL: nothing that is built here depends on a platform."""

_CONTENT_TYPES: Final = {".md": "text/markdown", ".rst": "text/x-rst", ".txt": "text/plain"}


def render_metadata(tree: str, project: NativeProject, warn: Callable[[str], None]) -> str:
    """Return METADATA of the *project* in *tree*.

    Raises:
        InvalidProjectMetadata: from `BrokenRule`.
        UnsupportedGlob: in `license-files`.
    """
    if project.description is not None and "\n" in project.description:
        raise _broken("`project.description` must be a single line")
    description = None if project.readme is None else _read_description(tree, project.readme)
    if project.dynamic:
        raise _broken("Dynamic metadata is not supported")
    imports = _imports(project)
    license_files = find_license_files(tree, project)
    check_license_terms(project)
    for classifier in project.classifiers:
        if classifier.startswith("License :: "):
            warn(
                f"Found license classifier `{classifier}`. License classifiers are ambiguous and deprecated per PEP "
                "639; projects should use `project.license` and `project.license-files` instead."
            )
    fields: list[tuple[str, str]] = [
        ("Metadata-Version", _metadata_version(project)),
        ("Name", project.name),
        ("Version", str(project.version)),
    ]
    if project.description is not None:
        fields.append(("Summary", project.description))
    if project.keywords:
        fields.append(("Keywords", ",".join(project.keywords)))
    fields += _contacts("Author", project.authors)
    fields += _license(tree, project)
    fields += [("License-File", path) for path in license_files]
    fields += [("Classifier", classifier) for classifier in project.classifiers]
    fields += [("Requires-Dist", text) for text in _requirements(project)]
    fields += _contacts("Maintainer", project.maintainers)
    if project.requires_python is not None:
        fields.append(("Requires-Python", project.requires_python.lock_text().replace(",", ", ")))
    fields += [("Project-URL", f"{label}, {url}") for label, url in project.urls.items()]
    fields += [("Provides-Extra", extra) for extra in sorted(project.optional_dependencies)]
    fields += imports
    if description is not None:
        fields.append(("Description-Content-Type", description[0]))
    head = "".join([f"{name}: {_indented(name, value)}\n" for name, value in fields])
    return head if description is None else f"{head}\n{description[1]}"


def _broken(rule: str) -> NativeBuildError:
    error = InvalidProjectMetadata()
    error.__cause__ = BrokenRule(rule)
    return error


def _indented(name: str, value: str) -> str:
    """Return *value* with further lines below the first."""
    if "\n" not in value:
        return value
    return "\n".join(value.splitlines()).replace("\n", "\n" + " " * (len(name) + 2))


def _metadata_version(project: NativeProject) -> str:
    if project.import_names is not None or project.import_namespaces is not None:
        return "2.5"
    uses_expressions = project.license is not None and project.license.expression is not None
    return "2.4" if uses_expressions or project.license_files is not None else "2.3"


def _read_description(tree: str, readme: Readme) -> tuple[str, str]:
    """Return content type and text."""
    if readme.charset is not None and readme.charset.upper() != "UTF-8":
        raise _broken(
            "Charsets other than UTF-8 are not supported. Please convert your README to UTF-8 and remove "
            "`project.readme.charset`."
        )
    content_type = readme.content_type or ""
    if readme.file is None:
        text = readme.text or ""
    else:
        text = _read_text(os.path.join(tree, readme.file))
        content_type = content_type or _guess_content_type(readme.file)
    if content_type not in _CONTENT_TYPES.values():
        raise _broken(f"Unsupported content type: {content_type}")
    return content_type, text


def _guess_content_type(path: str) -> str:
    ending = os.path.splitext(path)[1]
    if not ending:
        raise _broken(
            f"Can't infer content type because `{path}` does not have an extension. Please use a support extension "
            "(`.md`, `.rst`, `.txt`) or set the content type manually."
        )
    content_type = _CONTENT_TYPES.get(ending.lower())
    if content_type is None:
        raise _broken(
            f"Unknown Readme extension `{ending[1:]}`, can't determine content type. Please use a support extension "
            "(`.md`, `.rst`, `.txt`) or set the content type manually."
        )
    return content_type


def _read_text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except OSError as error:
        raise NativeBuildError(f"failed to open file `{path}`: {error.strerror} (os error {error.errno})") from None


def _contacts(role: str, contacts: Sequence[Contact]) -> list[tuple[str, str]]:
    names = [contact.name for contact in contacts if contact.name is not None]
    addresses = [
        contact.email if contact.name is None else f"{contact.name} <{contact.email}>"
        for contact in contacts
        if contact.email is not None
    ]
    fields: list[tuple[str, str]] = []
    if names:
        fields.append((role, ", ".join(names)))
    if addresses:
        fields.append((f"{role}-email", ", ".join(addresses)))
    return fields


def _license(tree: str, project: NativeProject) -> list[tuple[str, str]]:
    declared = project.license
    if declared is None:
        return []
    if declared.expression is not None:
        return [("License-Expression", declared.expression)]
    if declared.file is not None:
        return [("License", _read_text(os.path.join(tree, declared.file)))]
    return [("License", declared.text or "")]


def _requirements(project: NativeProject) -> list[str]:
    texts = [_render(requirement, requirement.marker) for requirement in project.dependencies]
    for extra, requirements in sorted(project.optional_dependencies.items()):
        marker = extra_marker(extra)
        texts += [_render(requirement, requirement.marker & marker) for requirement in requirements]
    return texts


def _render(requirement: Requirement, marker: Marker) -> str:
    """Return *requirement* in normal form but for its extras, which keep their order."""
    bare = Requirement(requirement.name, (), requirement.specifiers, requirement.url, marker)
    text = render_requirement(bare)
    if not requirement.extras:
        return text
    return f"{requirement.name}[{','.join(requirement.extras)}]{text.removeprefix(requirement.name)}"


def _imports(project: NativeProject) -> list[tuple[str, str]]:
    names, namespaces = project.import_names, project.import_namespaces
    own = [_import_name(entry, "project.import-names") for entry in names or ()]
    if namespaces is not None and not namespaces:
        raise _broken("`project.import-namespaces` must not be empty")
    shared = [_import_name(entry, "project.import-namespaces") for entry in namespaces or ()]
    for entry in own:
        if entry in shared:
            raise _broken(
                f"`project.import-names` and `project.import-namespaces` must not both contain "
                f"`{entry.partition(';')[0].strip()}`"
            )
    fields = [("Import-Name", entry) for entry in own]
    if names is not None and not names:
        fields.append(("Import-Name", ""))
    return fields + [("Import-Namespace", entry) for entry in shared]


def _import_name(entry: str, field: str) -> str:
    name, separator, suffix = entry.partition(";")
    if not name.strip():
        raise _broken(f"`{field}` entry must not be empty")
    if separator and suffix.strip() != "private":
        raise _broken(f"`{field}` entry `{entry}` must end with `; private` or nothing, found `{suffix.strip()}`")
    for word in name.strip().split("."):
        try:
            check_identifier(word)
        except InvalidIdentifier as error:
            rule = BrokenRule(f"`{field}` entry `{entry}` has an invalid import name")
            rule.__cause__ = error
            raise InvalidProjectMetadata from rule
    return f"{name.strip()}; private" if separator else name.strip()


def render_entry_points(project: NativeProject) -> str | None:
    """Return entry_points.txt, None if there are none.

    Raises:
        InvalidProjectMetadata: from `BrokenRule`.
    """
    groups: list[tuple[str, dict[str, str]]] = []
    if project.scripts:
        groups.append(("console_scripts", project.scripts))
    if project.gui_scripts:
        groups.append(("gui_scripts", project.gui_scripts))
    for group, entries in sorted(project.entry_points.items()):
        for taken, better in (("console_scripts", "scripts"), ("gui_scripts", "gui-scripts")):
            if group == taken:
                raise _broken(f"Use `project.{better}` instead of `project.entry-points.{group}`")
        groups.append((group, entries))
    if not groups:
        return None
    return "".join([_render_group(group, entries) for group, entries in groups])


def _render_group(group: str, entries: dict[str, str]) -> str:
    if not all(character.isalnum() or character in "._" for character in group):
        raise _broken(
            f"Entrypoint groups must consist of letters and numbers separated by dots, invalid group: {group}"
        )
    for name in entries:
        _check_script_name(name)
    lines = [f"{name} = {reference}\n" for name, reference in sorted(entries.items())]
    return f"[{group}]\n{''.join(lines)}\n"


def _check_script_name(name: str) -> None:
    if not name.strip(".") or not all(
        character.isascii() and (character.isalnum() or character in "._-") for character in name
    ):
        raise _broken(
            f"Script entry point name `{name}` must include a non-dot character and consist only of letters, numbers, "
            "dots, underscores and dashes"
        )
