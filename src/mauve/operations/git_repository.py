"""The `git` program, as far as new projects need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.project.init import Author

if TYPE_CHECKING:
    from collections.abc import Mapping


class GitRepository:
    """Runs `git`; where it is not installed, there are no repositories and no authors."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Run with the variables in *environment*."""
        self._environment = environment

    def is_inside(self, folder: str) -> bool:
        """Return whether *folder* belongs to a work tree."""
        return self._run(folder, "rev-parse", "--is-inside-work-tree") is not None

    def create(self, folder: str) -> bool:
        """Make *folder* a repository; return whether that was possible."""
        return self._run(folder, "init") is not None

    def author(self, folder: str) -> Author | None:
        """Return the user of the configuration, None if neither name nor address is known."""
        name = self._run(folder, "config", "--get", "user.name") or None
        email = self._run(folder, "config", "--get", "user.email") or None
        return None if name is None and email is None else Author(name, email)

    def _run(self, folder: str, *arguments: str) -> str | None:
        """Return what `git` prints, None if it fails or is missing."""
        import subprocess

        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=folder,
                env=dict(self._environment),
                capture_output=True,
                text=True,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None
