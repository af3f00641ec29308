"""Requirements that are known by their text to be for an extra only."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mauve.standards.extra_requirements import needs_extra
from mauve.standards.markers.diagram import FALSE
from mauve.standards.markers.extras import with_only_extras
from mauve.standards.requirements import parse_requirement

NAMES = ("a", "A.b", "a-", "zope.interface", "_a")
SPECIFIERS = (
    "",
    ">=1",
    "(>=1,<2)",
    " ( >= 1.0 , != 1.5.* )",
    "~=1",
    "~= 1.2",
    "==1.*",
    ">=1.*",
    "<2.0rc1",
    "===1",
    ">=1,",
)
CONDITIONS = (
    'python_version < "3.8"',
    "(python_version>='3')",
    'sys_platform == "win32"',
    'sys_platform in "win32"',
    'os_name == "nt" or os_name == "posix"',
    '(os_name == "nt" or os_name == "posix")',
    'implementation_name != "pypy"',
    'extra != "x"',
    'python_version < "3.x"',
    '"3.8" > python_version',
)
EXTRAS = ('extra == "x"', "extra=='y-z'", 'extra == ""', '"x" == extra', 'extra == "x" or extra == "y"', "")

texts = st.builds(
    lambda name, extras, specifiers, joint, conditions, extra: (
        f"{name}{extras}{specifiers}{joint}{' and '.join([*conditions, extra] if extra else conditions)}"
    ),
    st.sampled_from(NAMES),
    st.sampled_from(("", "[b]", "[b,c]", "[ b , c ]", "[b c]")),
    st.sampled_from(SPECIFIERS),
    st.sampled_from((";", " ; ", "; ")),
    st.lists(st.sampled_from(CONDITIONS), max_size=2),
    st.sampled_from(EXTRAS),
)


@settings(max_examples=1000, deadline=None)
@given(texts)
def test_what_needs_an_extra_is_valid_and_does_not_hold_without(text: str) -> None:
    """So nothing is lost if it is not read until somebody asks for an extra."""
    if needs_extra(text):
        assert with_only_extras(parse_requirement(text).marker, frozenset()) is FALSE


@pytest.mark.parametrize(
    "text",
    [
        'pytest>=7 ; extra == "dev"',
        "PySocks (!=1.5.7,>=1.5.6) ; extra == 'socks'",
        'tomli[x]>=2.0.1; python_version < "3.11" and extra == "all"',
        'pywin32~=306.0; (sys_platform == "win32") and extra == "test"',
    ],
)
def test_usual_requirements_of_extras_are_known_as_such(text: str) -> None:
    """As build backends write them."""
    assert needs_extra(text)


@pytest.mark.parametrize(
    "text", ["extra>=1", 'a; python_version < "3"', 'a @ https://h/a.zip ; extra == "x"', "a; extra"]
)
def test_others_are_read(text: str) -> None:
    """Whether they hold or not."""
    assert not needs_extra(text)
