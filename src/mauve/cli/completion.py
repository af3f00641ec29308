"""What may follow on a command line, of the same declarations that the parser is built from."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

from mauve.cli.app import COMMANDS, root_options
from mauve.cli.help_order import own_words
from mauve.config.declare import HELP, VALUE, VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.config.declare import OptionSpec


class Candidate(NamedTuple):
    """One word that may stand at the cursor, and what it does."""

    word: str
    help: str


def candidates(before: tuple[str, ...], current: str) -> list[Candidate]:
    """Return what *current* may become behind the words *before*, which are those behind the program's name.

    Nothing means that it is up to the shell, which knows files.
    """
    path, options = "", root_options()
    valued: OptionSpec | None = None
    for word in before:
        if valued is not None:
            valued = None
        elif word == "--":
            return []
        elif word.startswith("-"):
            valued = _takes_value(options, word)
        elif f"{path} {word}".lstrip() in COMMANDS:
            path = f"{path} {word}".lstrip()
            options = _options_of(path)
        elif any(option.trailing for option in options):
            return []
    if valued is not None:
        found = [Candidate(choice, "") for choice in valued.choices or _names(path, valued)]
    elif current.startswith("-"):
        found = list(_spellings(path, options))
    else:
        found = list(_below(path))
        for option in options:
            if option.is_positional:
                found += [Candidate(choice, "") for choice in option.choices or _names(path, option)]
    return [candidate for candidate in found if candidate.word.startswith(current)]


def _names(path: str, option: OptionSpec) -> list[str]:
    """Return what the project at hand has for *option*."""
    from mauve.cli.project_names import names_for

    return names_for(path, option.field)


def _options_of(path: str) -> list[OptionSpec]:
    module = COMMANDS[path][0]
    return [*import_module(module).command.specs().values(), HELP] if module else root_options()


def _takes_value(options: list[OptionSpec], word: str) -> OptionSpec | None:
    """Return the option that *word* names, if the next word is its value."""
    for option in options:
        if option.kind in (VALUE, VALUES) and word in (*option.names, *option.aliases):
            return None if option.optional_value else option
    return None


def _spellings(path: str, options: list[OptionSpec]) -> Iterator[Candidate]:
    for option in options:
        if not option.is_positional and not option.hidden:
            text = own_words(path, option.names[-1], option.help).replace(" (by default: <{default_index}>)", "")
            yield from (Candidate(name, text) for name in option.names)


def _below(path: str) -> Iterator[Candidate]:
    """Give the commands of the group at *path*."""
    prefix = f"{path} ".lstrip()
    for name, (_, summary) in COMMANDS.items():
        word = name.removeprefix(prefix)
        if summary and name.startswith(prefix) and word and " " not in word:
            yield Candidate(word, summary)


def completion_script(shell: str, program: str) -> str:
    """Return what *shell* has to read to ask *program* for completions."""
    return _SCRIPTS[shell].replace("PROGRAM", program)


_SCRIPTS: Final = {
    "bash": """_PROGRAM() {
    local IFS=$'\\n'
    COMPREPLY=($(PROGRAM complete-words "--current=${COMP_WORDS[COMP_CWORD]}" -- \\
        "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null | cut -f1))
}

complete -o bashdefault -o default -F _PROGRAM PROGRAM
""",
    "zsh": """#compdef PROGRAM

_PROGRAM() {
    local -a rows
    local line answer
    answer="$(PROGRAM complete-words "--current=${words[CURRENT]}" -- "${(@)words[2,CURRENT-1]}" 2>/dev/null)"
    for line in "${(@f)answer}"; do
        [[ -n $line ]] && rows+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
    done
    if (( $#rows )); then
        _describe -V 'PROGRAM' rows
    else
        _files
    fi
}

if [ "$funcstack[1]" = "_PROGRAM" ]; then
    _PROGRAM "$@"
else
    compdef _PROGRAM PROGRAM
fi
""",
    "fish": """function __PROGRAM_complete
    set -l before (commandline -opc)
    PROGRAM complete-words "--current="(commandline -ct) -- $before[2..-1] 2>/dev/null
end

complete -c PROGRAM -a '(__PROGRAM_complete)'
""",
    "powershell": """Register-ArgumentCompleter -Native -CommandName 'PROGRAM' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    PROGRAM complete-words "--current=$wordToComplete" '--' @before 2>$null | ForEach-Object {
        $word, $help = $_ -split "`t", 2
        if (-not $help) { $help = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $help)
    }
}
""",
    "nushell": """let former_completer = ($env.config.completions.external.completer? | default {|spans| null })
$env.config.completions.external.enable = true
$env.config.completions.external.completer = {|spans|
    if $spans.0 == "PROGRAM" {
        let rows = (^PROGRAM complete-words $"--current=($spans | last)" "--" ...($spans | skip 1 | drop 1) | lines)
        if ($rows | is-empty) { null } else { $rows | split column "\\t" value description }
    } else {
        do $former_completer $spans
    }
}
""",
    "elvish": """use str

set edit:completion:arg-completer[PROGRAM] = {|@words|
    e:PROGRAM complete-words "--current="$words[-1] -- (all $words[1..-1]) | from-lines | each {|line|
        var word help = (str:split "\\t" $line)
        edit:complex-candidate $word &display=$word"  "$help
    }
}
""",
}
