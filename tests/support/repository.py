"""Repositories made on the spot with the `git` program."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Repository:
    """A repository in a temporary folder, with `main` as its branch; configuration of the user does not count."""

    def __init__(self, root: Path) -> None:
        """Make an empty one in *root*."""
        root.mkdir(parents=True)
        self.root = root
        self.variables = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "author",
            "GIT_AUTHOR_EMAIL": "author@localhost",
            "GIT_COMMITTER_NAME": "author",
            "GIT_COMMITTER_EMAIL": "author@localhost",
        }
        self.git("init", "--quiet", "--initial-branch=main")

    @property
    def url(self) -> str:
        """Return where it can be cloned from."""
        return self.root.as_uri()

    def git(self, *arguments: str) -> str:
        """Run git in the repository and return what it prints."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=self.variables, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str]) -> str:
        """Write *files*, commit everything, and return the commit."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=change")
        return self.git("rev-parse", "HEAD")
