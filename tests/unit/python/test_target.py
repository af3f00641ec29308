"""Whether an environment may be made at a path."""

import pytest

from mauve.python.target import (
    EnvironmentCreationFailed,
    Occupant,
    OnExisting,
    clear_target,
    inspect_target,
    is_cleared,
)


def test_occupants_are_told_apart(tmp_path):
    """A directory with pyvenv.cfg is an environment."""
    assert inspect_target(str(tmp_path / "none")) is Occupant.NOTHING
    assert inspect_target(str(tmp_path)) is Occupant.EMPTY_DIRECTORY
    (tmp_path / "file").touch()
    assert inspect_target(str(tmp_path / "file")) is Occupant.FILE
    assert inspect_target(str(tmp_path)) is Occupant.DIRECTORY
    (tmp_path / "pyvenv.cfg").touch()
    assert inspect_target(str(tmp_path)) is Occupant.ENVIRONMENT


@pytest.mark.parametrize(
    ("occupant", "on_existing", "cleared"),
    [
        (Occupant.NOTHING, OnExisting.FAIL, False),
        (Occupant.EMPTY_DIRECTORY, OnExisting.FAIL, False),
        (Occupant.ENVIRONMENT, OnExisting.REMOVE, True),
        (Occupant.ENVIRONMENT, OnExisting.ALLOW, False),
        (Occupant.DIRECTORY, OnExisting.ALLOW, False),
        (Occupant.DIRECTORY, OnExisting.REMOVE_ANYTHING, True),
    ],
)
def test_only_what_may_go_is_cleared(occupant, on_existing, cleared):
    """Files of users are not removed unless they insist."""
    assert is_cleared(occupant, on_existing, "/e", "e") is cleared


@pytest.mark.parametrize(
    ("occupant", "on_existing", "cause", "hint"),
    [
        (
            Occupant.ENVIRONMENT,
            OnExisting.FAIL,
            "A virtual environment already exists at: e",
            "Use the `--clear` flag or set `UV_VENV_CLEAR=1` to replace the existing virtual environment",
        ),
        (
            Occupant.DIRECTORY,
            OnExisting.FAIL,
            "A directory already exists at: e",
            "Use the `--clear` flag or set `UV_VENV_CLEAR=1` to replace the existing directory",
        ),
        (
            Occupant.DIRECTORY,
            OnExisting.REMOVE,
            "uv will not clear a directory that is not a virtual environment",
            "Use the `--force` flag to remove the existing directory anyway",
        ),
        (Occupant.FILE, OnExisting.REMOVE_ANYTHING, "File exists at `e`", None),
    ],
)
def test_refusals_say_what_to_do(occupant, on_existing, cause, hint):
    """The texts are part of the command line's interface."""
    with pytest.raises(EnvironmentCreationFailed, match="Failed to create virtual environment") as caught:
        is_cleared(occupant, on_existing, "/e", "e")
    assert str(caught.value.__cause__) == cause
    assert caught.value.hints() == ((hint,) if hint else ())


def test_clearing_keeps_the_directory(tmp_path):
    """It may be a mount point."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").touch()
    clear_target(str(tmp_path))
    assert list(tmp_path.iterdir()) == []
