"""Names of modules, as far as they are identifiers."""

from __future__ import annotations

from mauve.build.native.errors import InvalidIdentifier


def check_identifier(word: str) -> None:
    """Raise if *word* is not an identifier.

    Raises:
        InvalidIdentifier: with the first character that is wrong.
    """
    if not word:
        raise InvalidIdentifier("An identifier must not be empty")
    first = word[0]
    if not (first == "_" or first.isalpha()):
        raise InvalidIdentifier(
            f"Invalid first character `{first}` for identifier `{word}`, expected an underscore or an alphabetic "
            "character"
        )
    for position, character in enumerate(word, 1):
        if not (character == "_" or character.isalnum()):
            raise InvalidIdentifier(
                f"Invalid character `{character}` at position {position} for identifier `{word}`, expected an "
                "underscore or an alphanumeric character"
            )
