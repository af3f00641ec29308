"""License expressions, and which files tell the terms.

Specification: PEP 639.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.build.native.errors import BrokenRule, InvalidProjectMetadata
from mauve.build.native.globs import Includes
from mauve.build.native.selection import walk
from mauve.standards.license_expressions import InvalidLicenseExpression, check_license_expression

if TYPE_CHECKING:
    from mauve.build.native.project import NativeProject


def check_license_terms(project: NativeProject) -> None:
    """Raise if `license` is not an expression.

    Raises:
        InvalidProjectMetadata: from `BrokenRule`.
    """
    declared = project.license
    if declared is None or declared.expression is None:
        return
    try:
        check_license_expression(declared.expression)
    except InvalidLicenseExpression as error:
        rule = BrokenRule(f"`project.license` is not a valid SPDX expression: {declared.expression}")
        rule.__cause__ = error
        raise InvalidProjectMetadata from rule


def find_license_files(tree: str, project: NativeProject) -> list[str]:
    """Return the files that `license-files` names, in the order of metadata.

    Raises:
        UnsupportedGlob: from `InvalidPortableGlob`.
        InvalidProjectMetadata: from `BrokenRule`, if a pattern names no file, or the license is told in two ways.
    """
    if project.license_files is not None and project.license is not None and project.license.expression is None:
        raise InvalidProjectMetadata from BrokenRule(
            "When `project.license-files` is defined, `project.license` must be an SPDX expression string"
        )
    found: set[str] = set()
    for pattern in project.license_files or ():
        includes = Includes([(pattern, pattern)], is_extended=False)
        matching = [file.path for file in walk(tree, "", includes.enters) if includes.admits(file.path)]
        if not matching:
            raise InvalidProjectMetadata from BrokenRule(
                f"`project.license-files` glob `{pattern}` did not match any files"
            )
        found.update(matching)
    return sorted(found, key=lambda path: path.split("/"))
