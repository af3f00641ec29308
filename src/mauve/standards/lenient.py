"""Requirements and specifiers of published metadata that break the standard in ways known to occur.

Each repair is tried only after the strict reading failed, one after the other, and the result must then be valid.
What the user writes is never repaired.

Specification: none; the repairs are those uv makes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mauve.standards.requirements import InvalidRequirement, Requirement, parse_requirement
from mauve.standards.specifiers import InvalidSpecifier, Specifiers, parse_specifiers

if TYPE_CHECKING:
    import re


@cache
def _repairs() -> tuple[tuple[re.Pattern[str], str], ...]:
    import re

    return (
        # `>=1.0<2` lacks a comma.
        (re.compile(r"(\d)([<>=~^!])"), r"\1,\2"),
        # `!=~1.2` means `!=1.2.*`.
        (re.compile(r"!=~((?:\d\.)*\d)"), r"!=\1.*"),
        # `>=1.2.*` means `>=1.2`.
        (re.compile(r"(<=|>=|<|>)(\d+(?:\.\d+)*)\.\*"), r"\1\2"),
        # `!=3.0*` means `!=3.0.*`.
        (re.compile(r"(\d\.\d)+\*"), r"\1.*"),
        # `>=1.0,`
        (re.compile(r",\s*$"), ""),
        # `>dev` was written for "any version above 0.0.0.dev".
        (re.compile(r">dev"), ">0.0.0.dev0"),
        # `>=1.0.0.` has one dot too many.
        (re.compile(r"(\d+)\.(?=\s*(?:,|;|\)|$))"), r"\1"),
        # Quotes around a version.
        (re.compile(r"""['"]"""), ""),
        # `>==1.0`
        (re.compile(r"(>=|<=|~=)=+"), r"\1"),
    )


def _repaired(text: str) -> list[str]:
    """Return *text* after the first repair, after the first two, and so on; only where something changed."""
    versions: list[str] = []
    for pattern, replacement in _repairs():
        changed = pattern.sub(replacement, text)
        if changed != text:
            versions.append(changed)
            text = changed
    return versions


def parse_specifiers_leniently(text: str) -> Specifiers:
    """Return the specifiers of *text*, repaired if need be.

    Raises:
        InvalidSpecifier: no repair helps.
    """
    try:
        return parse_specifiers(text)
    except InvalidSpecifier:
        for repaired in _repaired(text):
            try:
                return parse_specifiers(repaired)
            except InvalidSpecifier:
                continue
        raise


def parse_requirement_leniently(text: str) -> Requirement:
    """Return the requirement of *text*, its specifiers repaired if need be.

    Raises:
        InvalidRequirement: no repair helps.
    """
    try:
        return parse_requirement(text)
    except InvalidRequirement:
        requirement, semicolon, marker = text.partition(";")
        for repaired in _repaired(requirement.rstrip()):
            try:
                return parse_requirement(f"{repaired} {semicolon}{marker}")
            except InvalidRequirement:
                continue
        raise
