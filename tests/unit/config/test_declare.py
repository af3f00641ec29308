"""Options and where their values came from."""

from __future__ import annotations

from mauve.config.arguments.lockfile import LockedArgs
from mauve.config.environment import Variables


def test_a_flag_is_spelled_as_it_was_said() -> None:
    """Messages name the option that was typed, or the variable."""
    assert LockedArgs({"locked": True}, Variables({})).spelling("locked") == "--locked"
    assert LockedArgs({}, Variables({"UV_LOCKED": "true"})).spelling("locked") == "UV_LOCKED=1"


def test_what_is_typed_hides_the_variable() -> None:
    """The command line is nearer to the user."""
    arguments = LockedArgs({"frozen": True}, Variables({"UV_FROZEN": "1"}))
    assert arguments.is_typed("frozen")
    assert arguments.spelling("frozen") == "--frozen"
    assert not arguments.is_typed("locked")
