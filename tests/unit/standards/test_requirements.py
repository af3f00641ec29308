"""Requirements: reading, normal form, and explanations."""

from __future__ import annotations

import pytest

from mauve.standards.lenient import parse_requirement_leniently, parse_specifiers_leniently
from mauve.standards.requirements import InvalidRequirement, parse_requirement, render_requirement
from mauve.standards.specifiers import InvalidSpecifier


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("a<30,>=1", "a>=1,<30"),
        ("a (>=1,<2)", "a>=1,<2"),
        ("A.B_c[z,b] >=1.0 , <2 ; python_version<'3.9'", "a-b-c[b,z]>=1.0,<2 ; python_full_version < '3.9'"),
        ("a[]", "a"),
        ("a>=1.0-1,!=2-rc", "a>=1.0.post1,!=2rc0"),
        (
            "a @ https://host.invalid/a.zip ; sys_platform=='linux'",
            "a @ https://host.invalid/a.zip ; sys_platform == 'linux'",
        ),
        ("a@https://host.invalid/a;b.zip", "a @ https://host.invalid/a;b.zip"),
    ],
)
def test_a_requirement_has_one_normal_form(written: str, normal: str) -> None:
    """It is what `add` writes into pyproject.toml."""
    assert render_requirement(parse_requirement(written)) == normal
    assert render_requirement(parse_requirement(normal)) == normal


def test_extras_keep_the_order_of_the_user() -> None:
    """`requires-dist` of the lockfile shows them so."""
    assert parse_requirement("a[z,B_c]").extras == ("z", "b-c")


@pytest.mark.parametrize(
    "message",
    [
        'no such comparison operator "=", must be one of ~= == != <= >= < > ===\na=1\n ^^',
        "Missing closing bracket (expected ']', found end of dependency specification)\na[x\n ^",
        "Expected an alphanumeric character starting the extra name, found `]`\na[x,]\n    ^",
        "Expected either `,` (separating extras) or `]` (ending the extras section), found `y`\na[x y]\n    ^",
        "Expected one of `@`, `(`, `<`, `=`, `>`, `~`, `!`, `;`, found `1`\na 1.0\n  ^",
        "Expected marker value, found end of dependency specification\na>=1;\n     ^",
        "Package name must end with an alphanumeric character, not `-`\na-\n ^",
        "Expected package name starting with an alphanumeric character, found `(`\n(a)\n^",
        "Trailing `foo` is not allowed\na>=1 foo\n ^^^^^^^",
        "Missing closing parenthesis (expected ')', found end of dependency specification)\na (>=1\n  ^",
        "Expected a quoted string or a valid marker name, found `foo`\na ; foo\n    ^^^",
        "Expected URL\na @ \n    ^",
        "relative path without a working directory: ./b\na @ ./b#x ; extra=='x'\n    ^^^^^",
        "relative path without a working directory: b\na@file:b\n  ^^^^^^",
    ],
    ids=lambda message: message.splitlines()[1],
)
def test_a_malformed_requirement_is_explained_as_by_uv(message: str) -> None:
    """Reason, text and marks are printed as they are."""
    with pytest.raises(InvalidRequirement) as caught:
        parse_requirement(message.splitlines()[1])
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("published", "meant"),
    [
        ("a (>=7.2.0<8.0.0)", ">=7.2.0, <8.0.0"),
        ("a>=2.7,!=3.0*,!=3.1*", ">=2.7, !=3.0.*, !=3.1.*"),
        ("a>=3.6.*; extra == 'x'", ">=3.6"),
        ("a (!=~1.2)", "!=1.2.*"),
        ("a>=1.0.0.", ">=1.0.0"),
        ("a (>='3')", ">=3"),
    ],
)
def test_known_mistakes_in_published_metadata_are_repaired(published: str, meant: str) -> None:
    """Such releases exist; refusing them would make their dependents uninstallable."""
    assert str(parse_requirement_leniently(published).specifiers) == meant
    with pytest.raises(InvalidRequirement):
        parse_requirement(published)


def test_what_cannot_be_repaired_is_refused() -> None:
    """The original text is in the message, not a repaired one."""
    with pytest.raises(InvalidSpecifier) as caught:
        parse_specifiers_leniently(">=x,")
    assert caught.value.text == ">=x,"
