"""Fetch repositories into the cache with the `git` program: a mirror for each, a checkout for each commit.

A mirror only ever gains objects. A checkout is made once and complete when its marker exists; both are guarded by a
lock per repository, so that several processes may want the same one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from mauve.distributions.sources import GitReference, GitReferenceKind, canonical_repository, without_credentials
from mauve.errors import ExitStatus, MauveError
from mauve.git.reference import attempts, described_reference, fixed_commit, shown_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.distributions.sources import FromGit

_ABBREVIATED: Final = 7
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=/,.+")
_LOCATING: Final = frozenset(
    (
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_NAMESPACE",
    )
)
"""Variables of a surrounding git process (a hook, for instance) that would lead to its repository."""


class GitReporter(Protocol):
    """Hears about repositories."""

    def updating(self, display: str) -> None:
        """A repository is asked for the reference that *display* ends with."""
        ...

    def updated(self, display: str) -> None:
        """The commit that *display* ends with is in the cache."""
        ...


class GitFailed(MauveError):
    """A repository cannot be had; the cause says why."""

    status = ExitStatus.FAILURE

    def __str__(self) -> str:
        """Return the headline."""
        return "Git operation failed"


class GitStepFailed(MauveError):
    """One step on the way to a checkout failed: its text says which one."""

    status = ExitStatus.FAILURE


class CommitNotFound(GitStepFailed):
    """Nothing of what was fetched is what was asked for."""


class GitMissing(MauveError):
    """There is no `git` program."""

    status = ExitStatus.FAILURE

    def __str__(self) -> str:
        """Return the message."""
        return "Git executable not found. Ensure that Git is installed and available."


class LfsUnavailable(MauveError):
    """The large files of a repository cannot be had; without the extension of git nobody knows how."""

    status = ExitStatus.FAILURE

    def __str__(self) -> str:
        """Return the message."""
        return "Git LFS extension not found. Ensure that Git LFS is installed and available."


class GitOffline(MauveError):
    """A repository would have to be fetched, and the network is disabled."""

    status = ExitStatus.FAILURE

    def __str__(self) -> str:
        """Return the message."""
        return "Remote Git fetches are not allowed because network connectivity is disabled (i.e., with `--offline`)"


class ProcessFailed(MauveError):
    """`git` ended badly.

    Attributes:
        command: with its arguments.
        returncode: of the process.
        stdout: what it printed.
        stderr: likewise.
    """

    status = ExitStatus.FAILURE

    def __init__(self, command: tuple[str, ...], returncode: int, stdout: str, stderr: str) -> None:
        """Store what was seen."""
        super().__init__(command, returncode)
        self.command = command
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr

    def __str__(self) -> str:
        """Return the command and what it printed."""
        words = " ".join([_quoted(word) for word in self.command])
        text = f"process didn't exit successfully: `{words}` (exit status: {self.returncode})"
        for name, content in (("stdout", self.stdout), ("stderr", self.stderr)):
            if content.strip():
                text += f"\n--- {name}\n{content}"
        return text.rstrip("\n")


class Fetched(Struct, frozen=True):
    """A commit in the cache.

    Attributes:
        path: of the checkout.
        commit: in full.
    """

    path: str
    commit: str


class Repositories:
    """The repositories of one cache; constructing it touches no disk."""

    def __init__(
        self, folder: str, *, variables: Mapping[str, str], reporter: GitReporter, offline: bool = False
    ) -> None:
        """Keep mirrors and checkouts in *folder*; *variables* are the environment that git inherits."""
        self._folder = folder
        self._variables = variables
        self._reporter = reporter
        self._offline = offline
        self._program: str | None = None
        self._fetched: dict[tuple[str, GitReference, bool], Fetched] = {}
        self._locked: dict[tuple[str, str], str] = {}

    def prefer(self, url: str, reference: str, commit: str) -> None:
        """Take *commit* where *reference* of the repository at *url* is asked for, without asking the server."""
        self._locked[canonical_repository(url), reference] = commit

    def fetch(self, source: FromGit) -> Fetched:
        """Return the checkout of what *source* asks for; one reference means one commit throughout a run.

        Raises:
            GitFailed: it cannot be had.
        """
        canonical = canonical_repository(source.url)
        key = (canonical, source.reference, source.lfs)
        commit = source.commit or fixed_commit(source.reference)
        if commit is None:
            commit = self._locked.get((canonical, source.reference.value))
        known = self._fetched.get(key)
        if known is not None and (commit is None or commit == known.commit):
            return known
        try:
            fetched = self._fetch(source, canonical, commit)
        except OSError as error:
            raise GitFailed from error
        except MauveError as error:
            if isinstance(error, GitFailed | LfsUnavailable):
                raise
            raise GitFailed from error
        self._fetched[key] = fetched
        return fetched

    # --- steps

    def _fetch(self, source: FromGit, canonical: str, commit: str | None) -> Fetched:
        from hashlib import sha256

        from mauve.filesystem.locks import file_lock

        identity = sha256(canonical.encode()).hexdigest()[:16]
        mirror = os.path.join(self._folder, "db", identity)
        locks = os.path.join(self._folder, "locks")
        os.makedirs(locks, exist_ok=True)
        with file_lock(os.path.join(locks, identity)):
            if commit is None or not self._has(mirror, commit):
                commit = self._update(source, mirror, commit)
            folder = os.path.join(self._folder, "checkouts", identity)
            path = os.path.join(folder, commit[:_ABBREVIATED] + ("-lfs" if source.lfs else ""))
            if not self._is_checked_out(path, commit):
                if source.lfs:
                    self._fetch_lfs(source, mirror, commit)
                self._check_out(source, mirror, path, commit)
        return Fetched(path, commit)

    def _update(self, source: FromGit, mirror: str, commit: str | None) -> str:
        """Fetch what *source* asks for into *mirror*, and return the commit."""
        url, reference = source.url, source.reference
        self._reporter.updating(f"{without_credentials(url)} ({shown_reference(reference)})")
        is_new = not os.path.isdir(os.path.join(mirror, ".git"))
        try:
            if is_new:
                os.makedirs(mirror, exist_ok=True)
                self._run("init", directory=mirror)
            found = self._fetch_reference(url, reference, commit, mirror)
        except MauveError as error:
            if isinstance(error, GitMissing | GitOffline | CommitNotFound):
                raise
            raise GitStepFailed(f"failed to {'clone' if is_new else 'fetch'} into: {mirror}") from error
        self._reporter.updated(f"{without_credentials(url)} ({found})")
        return found

    def _fetch_reference(self, url: str, reference: GitReference, commit: str | None, mirror: str) -> str:
        failure: MauveError | None = None
        for attempt in attempts(reference, commit):
            try:
                self._run("fetch", "--force", "--update-head-ok", url, *attempt.refspecs, directory=mirror)
            except ProcessFailed as error:
                if self._offline and "transport" in error.stderr and "not allowed" in error.stderr:
                    raise GitOffline from None
                failure = error
                continue
            try:
                return self._run("rev-parse", f"{attempt.found_as}^0", directory=mirror).strip()
            except ProcessFailed as error:
                sought = described_reference(_asked(reference, commit)) or "the default branch"
                raise CommitNotFound(f"failed to find {sought}") from error
        described = described_reference(_asked(reference, commit))
        if described is None and failure is not None:
            raise failure
        raise GitStepFailed(f"failed to fetch {described}") from failure

    def _has(self, mirror: str, commit: str) -> bool:
        if not os.path.isdir(os.path.join(mirror, ".git")):
            return False
        try:
            self._run("cat-file", "-e", f"{commit}^0", directory=mirror)
        except ProcessFailed:
            return False
        return True

    def _is_checked_out(self, path: str, commit: str) -> bool:
        try:
            with open(f"{path}.ok", encoding="ascii") as file:
                return file.read() == commit and os.path.isdir(path)
        except OSError:
            return False

    def _fetch_lfs(self, source: FromGit, mirror: str, commit: str) -> None:
        try:
            self._run("lfs", "fetch", source.url, commit, directory=mirror)
        except ProcessFailed as error:
            raise LfsUnavailable from (error if "is not a git command" not in error.stderr else None)

    def _check_out(self, source: FromGit, mirror: str, path: str, commit: str) -> None:
        from mauve.filesystem.atomic import write_atomically
        from mauve.filesystem.removal import remove

        remove(f"{path}.ok")
        remove(path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # Submodules with relative URLs are looked for beside the original, not beside the mirror.
        self._run("clone", "--local", "--no-checkout", mirror, path, directory=os.path.dirname(path))
        self._run("remote", "set-url", "origin", source.url, directory=path)
        self._run("reset", "--hard", commit, directory=path, lfs=source.lfs)
        if os.path.exists(os.path.join(path, ".gitmodules")):
            self._run("submodule", "update", "--recursive", "--init", directory=path, lfs=source.lfs)
        write_atomically(f"{path}.ok", commit)

    # --- the program

    def _run(self, *arguments: str, directory: str, lfs: bool = False) -> str:
        """Return what `git` with *arguments* prints, run in *directory*.

        Raises:
            GitMissing: there is no such program.
            ProcessFailed: it ended badly.
        """
        import subprocess

        if self._program is None:
            from shutil import which

            self._program = which("git", path=self._variables.get("PATH"))
            if self._program is None:
                raise GitMissing
        variables = {name: value for name, value in self._variables.items() if name not in _LOCATING}
        # Nobody is there to answer a question.
        variables["GIT_TERMINAL_PROMPT"] = "0"
        if not lfs:
            variables["GIT_LFS_SKIP_SMUDGE"] = "1"
        if self._offline:
            variables["GIT_ALLOW_PROTOCOL"] = "file"
        command = (self._program, *arguments)
        done = subprocess.run(
            command, cwd=directory, env=variables, capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        stdout = done.stdout.decode(errors="replace")
        if done.returncode != 0:
            raise ProcessFailed(command, done.returncode, stdout, done.stderr.decode(errors="replace"))
        return stdout


def _asked(reference: GitReference, commit: str | None) -> GitReference:
    """Return what was fetched: *commit* if that was known."""
    return reference if commit is None else GitReference(GitReferenceKind.REV, commit)


def _quoted(word: str) -> str:
    """Return *word* as it is typed into a shell."""
    if word and _PLAIN.issuperset(word):
        return word
    return "'" + word.replace("'", "'\\''").replace("!", "'\\!'") + "'"
