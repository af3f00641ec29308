"""Which requirements are certainly valid and for an extra only, by their text: most of those that are published.

They need not be read before somebody asks for an extra. Pure, and usable in any thread: no marker is made.

Specification: PEP 508, PEP 440.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_RELEASE = r"[0-9]{1,9}(?:\.[0-9]{1,9})*"
_VERSION = rf"{_RELEASE}(?:(?:a|b|rc)[0-9]{{1,9}})?(?:\.post[0-9]{{1,9}})?(?:\.dev[0-9]{{1,9}})?"
_CLAUSE = rf"(?:(?:>=|<=|>|<|==|!=) *{_VERSION}|[!=]= *{_RELEASE}\.\*|~= *[0-9]{{1,9}}\.{_RELEASE})"
_SPECIFIERS = rf"{_CLAUSE}(?: *, *{_CLAUSE})*"
_SHAPE = rf"{_NAME} *(?:\[ *{_NAME}(?: *, *{_NAME})* *\])? *(?:{_SPECIFIERS}|\( *{_SPECIFIERS} *\))?"
_TEXTS = "(?:os_name|sys_platform|platform_machine|platform_system|platform_python_implementation|implementation_name)"
_TEXT = r"""(?:"[A-Za-z0-9_. -]*"|'[A-Za-z0-9_. -]*')"""
_PYTHON = rf"""(?:"{_RELEASE}"|'{_RELEASE}')"""
_CONDITION = rf"(?:{_TEXTS} *[!=]= *{_TEXT}|python(?:_full)?_version *(?:>=|<=|>|<|==|!=) *{_PYTHON})"
_EXTRA = rf"""extra *== *(?:"{_NAME}"|'{_NAME}')"""


@cache
def _pattern() -> re.Pattern[str]:
    import re

    return re.compile(rf"{_SHAPE} *;(?: *(?:{_CONDITION}|\( *{_CONDITION} *\)) +and +)* *{_EXTRA} *")


def needs_extra(text: str) -> bool:
    """Return whether *text* is a requirement that holds for some extra only; where that is not plain, False."""
    return "extra" in text and _pattern().fullmatch(text) is not None
