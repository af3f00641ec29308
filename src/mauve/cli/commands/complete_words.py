"""Tell a shell what a word of a command line may become."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, arguments, value
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus
from mauve.terminal.streams import write_out


class WordsArgs(ArgumentGroup, title="Options"):
    """The command line up to the cursor."""

    current: str | None = value("--current", help="The word at the cursor, as far as it is typed")
    words: tuple[str, ...] = arguments("WORDS", help="The words before it, without the program's name")


def print_candidates(chosen: WordsArgs) -> int:
    """Print one candidate a line, and behind a tab what it does."""
    from mauve.cli.completion import candidates

    rows = candidates(chosen.words, chosen.current or "")
    write_out("".join(f"{row.word}\t{row.help}\n" for row in rows))
    return ExitStatus.SUCCESS


command = declare_command("complete-words", "Complete a word of a command line", WordsArgs)(print_candidates)
