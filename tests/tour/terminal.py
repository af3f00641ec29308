"""A terminal that a script can type into and look at: bash in tmux."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS: Final = 100
ROWS: Final = 80
_LOOK_EVERY: Final = 0.02  # seconds
_INHERITED: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


class Terminal:
    """One tmux server with one window, in which bash runs in *home* and finds programs in `home/bin` first."""

    def __init__(self, home: Path) -> None:
        self._socket = str(home / "tmux")
        started = home / "bashrc"
        started.write_text("cd\nHISTFILE=\nPS1='$ '\nPROMPT_COMMAND='tmux wait-for -S prompt'\n", encoding="utf-8")
        variables = {
            "HOME": str(home),
            "PATH": os.pathsep.join([str(home / "bin"), os.defpath]),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
        }
        variables |= {name: os.environ[name] for name in _INHERITED if name in os.environ}
        shell = ["env", "-i", *(f"{name}={value}" for name, value in variables.items())]
        bash = [*shell, "TMUX=$TMUX", "TERM=tmux-256color", "bash", "--noprofile", "--rcfile", str(started), "-i"]
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        line = " ".join(word if word == "TMUX=$TMUX" else shlex.quote(word) for word in bash)
        self._tmux("-f", os.devnull, "new-session", "-d", *size, line)
        self._tmux("wait-for", "prompt")

    def type(self, line: str) -> Iterator[str]:
        """Clear the window, type *line*, and give every screen that is seen until the prompt is back, the last one too.

        A screen is text with SGR sequences for its colours.
        """
        self._tmux("send-keys", "C-l")
        while self._screen().strip() != "$":
            time.sleep(_LOOK_EVERY)
        self._tmux("send-keys", "-l", line)
        done = subprocess.Popen(["tmux", "-S", self._socket, "wait-for", "prompt"])
        self._tmux("send-keys", "Enter")
        while done.poll() is None:
            yield self._screen()
            time.sleep(_LOOK_EVERY)
        yield self._screen()

    def close(self) -> None:
        """End the shell."""
        self._tmux("kill-server")

    def _screen(self) -> str:
        return self._tmux("capture-pane", "-p", "-e").rstrip()

    def _tmux(self, *words: str) -> str:
        return subprocess.run(["tmux", "-S", self._socket, *words], check=True, capture_output=True, text=True).stdout
