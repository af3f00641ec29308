"""License expressions, with uv's words for what is wrong."""

import pytest

from mauve.standards.license_expressions import InvalidLicenseExpression, check_license_expression


@pytest.mark.parametrize(
    "text",
    [
        "MIT",
        "MIT OR  Apache-2.0",
        "MIT or ISC",
        "MIT+",
        "(MIT AND (ISC OR LicenseRef-Own))",
        "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT",
        "DocumentRef-a:LicenseRef-b",
    ],
)
def test_expressions_are_accepted(text):
    """What SPDX's grammar and list allow is no error."""
    check_license_expression(text)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("", " empty expression"),
        ("mit", "^^^ unknown term"),
        ("MIT AND", "        expected one of `<license>`, `(` here"),
        ("MIT WITH", "         expected a `<addition>` here"),
        ("MIT ISC", "    ^^^ expected one of `AND`, `OR`, `WITH`, `)`, `+` here"),
        ("(MIT) ISC", "      ^^^ expected one of `AND`, `OR` here"),
        ("(MIT", "- unclosed parens"),
        ("MIT)", "   ^ unopened parens"),
        ("MIT +", "   ^ `+` must not follow whitespace"),
        ("MIT/ISC", "   ^^^^ invalid character(s)"),
        ("GPL-2.0", "^^^^^^^ a deprecated license identifier was used"),
        ("GPL-2.0-only+", "            ^ a GNU license was followed by a `+`"),
    ],
)
def test_the_wrong_word_is_marked(text, marks):
    """The report shows the text and points below it."""
    with pytest.raises(InvalidLicenseExpression) as caught:
        check_license_expression(text)
    assert str(caught.value) == f"{text}\n{marks}"
