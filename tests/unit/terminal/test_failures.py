"""Reports of what nobody expected."""

from __future__ import annotations

import pytest

from mauve.terminal.failures import render_system_error, render_unexpected
from mauve.terminal.style import Style

PLAIN = Style(colour=False)


def test_a_refusal_of_the_system_names_the_path() -> None:
    """The number is what can be looked up."""
    shown = render_system_error(PermissionError(13, "Permission denied", "/project/uv.lock"), PLAIN)
    assert shown == "error: failed to access `/project/uv.lock`: Permission denied (os error 13)"


def test_a_mistake_is_told_with_its_place_and_without_passwords() -> None:
    """The report may be pasted into a public tracker."""
    with pytest.raises(LookupError) as caught:
        raise LookupError("no http://me:secret@127.0.0.1/simple")
    shown = render_unexpected(ExceptionGroup("", [caught.value]), PLAIN)
    assert "cause: LookupError: no http://me:****@127.0.0.1/simple" in shown
    assert "in test_a_mistake_is_told_with_its_place_and_without_passwords" in shown
    assert shown.splitlines()[-1].startswith("hint: Please report this")
