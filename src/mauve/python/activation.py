"""The text of the activation scripts of an environment, one template per shell.

A template has slots: `@root@` is the environment quoted for that shell, `@bin@` the directory of its
executables, `@prompt@` the prompt (may be empty), `@separator@` the separator of `PATH`, and `@site@`
the site-packages directories relative to `@bin@`. This module imports nothing, so that an
environment can be made without loading the rest of the program.
"""

from __future__ import annotations

POSIX_SHELL = """\
# Activate this environment in bash, zsh, ksh or another POSIX shell: `source @bin@/activate`.
# A script that is executed cannot change its parent shell, hence the check.
if [ -n "${BASH_VERSION:-}" ] && [ "${BASH_SOURCE[0]}" = "$0" ]; then
    echo "You must source this script: \\$ source $0" >&2
    exit 33
fi

deactivate () {
    unset -f pydoc >/dev/null 2>&1 || true
    if [ -n "${_OLD_VIRTUAL_PATH:-}" ]; then
        PATH="$_OLD_VIRTUAL_PATH"
        export PATH
        unset _OLD_VIRTUAL_PATH
    fi
    if [ -n "${_OLD_VIRTUAL_PYTHONHOME+set}" ]; then
        PYTHONHOME="$_OLD_VIRTUAL_PYTHONHOME"
        export PYTHONHOME
        unset _OLD_VIRTUAL_PYTHONHOME
    fi
    if [ -n "${_OLD_VIRTUAL_PS1+set}" ]; then
        PS1="$_OLD_VIRTUAL_PS1"
        export PS1
        unset _OLD_VIRTUAL_PS1
    fi
    unset VIRTUAL_ENV
    unset VIRTUAL_ENV_PROMPT
    # Shells remember where they found a command.
    hash -r 2>/dev/null || true
    if [ "${1-}" != "nondestructive" ]; then
        unset -f deactivate
    fi
}

# Leave whatever environment is active.
deactivate nondestructive

@root@
if { [ "${OSTYPE-}" = "cygwin" ] || [ "${OSTYPE-}" = "msys" ]; } && command -v cygpath >/dev/null 2>&1; then
    VIRTUAL_ENV=$(cygpath -u "$VIRTUAL_ENV")
fi
export VIRTUAL_ENV

_OLD_VIRTUAL_PATH="$PATH"
PATH="$VIRTUAL_ENV/@bin@:$PATH"
export PATH

VIRTUAL_ENV_PROMPT=@prompt@
if [ -z "$VIRTUAL_ENV_PROMPT" ]; then
    VIRTUAL_ENV_PROMPT=$(basename "$VIRTUAL_ENV")
fi
export VIRTUAL_ENV_PROMPT

# PYTHONHOME would make the interpreter look elsewhere for its library.
if [ -n "${PYTHONHOME+set}" ]; then
    _OLD_VIRTUAL_PYTHONHOME="$PYTHONHOME"
    unset PYTHONHOME
fi

if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then
    _OLD_VIRTUAL_PS1="${PS1-}"
    PS1="(${VIRTUAL_ENV_PROMPT}) ${PS1-}"
    export PS1
fi

# An alias would win over the function.
unalias pydoc >/dev/null 2>&1 || true
pydoc () {
    python -m pydoc "$@"
}

hash -r 2>/dev/null || true
"""

POSIX_ROOT_FROM_SCRIPT = """\
if [ -n "${BASH_VERSION:-}" ]; then
    _virtual_env_script="${BASH_SOURCE[0]}"
elif [ -n "${ZSH_VERSION:-}" ]; then
    _virtual_env_script="${(%):-%x}"
elif [ -n "${KSH_VERSION:-}" ]; then
    _virtual_env_script="${.sh.file}"
else
    _virtual_env_script="${SCRIPT_PATH-}"
fi
VIRTUAL_ENV="$(dirname -- "$(dirname -- "$(realpath -- "$_virtual_env_script")")")"
unset _virtual_env_script"""

C_SHELL = """\
# Activate this environment in csh or tcsh: `source @bin@/activate.csh`.

alias deactivate 'test $?_OLD_VIRTUAL_PATH != 0 && setenv PATH "$_OLD_VIRTUAL_PATH:q" && unset _OLD_VIRTUAL_PATH; \
rehash; test $?_OLD_VIRTUAL_PROMPT != 0 && set prompt="$_OLD_VIRTUAL_PROMPT:q" && unset _OLD_VIRTUAL_PROMPT; \
unsetenv VIRTUAL_ENV; unsetenv VIRTUAL_ENV_PROMPT; \
test "\\!:*" != "nondestructive" && unalias deactivate && unalias pydoc'

# Leave whatever environment is active.
deactivate nondestructive

setenv VIRTUAL_ENV @root@

set _OLD_VIRTUAL_PATH="$PATH:q"
setenv PATH "$VIRTUAL_ENV:q/@bin@:$PATH:q"

if (@prompt@ != "") then
    setenv VIRTUAL_ENV_PROMPT @prompt@
else
    setenv VIRTUAL_ENV_PROMPT "$VIRTUAL_ENV:t:q"
endif

# A shell that is not interactive has no prompt to change.
if ( ! $?VIRTUAL_ENV_DISABLE_PROMPT ) then
    if ( $?prompt ) then
        set _OLD_VIRTUAL_PROMPT="$prompt:q"
        set prompt = "($VIRTUAL_ENV_PROMPT:q) $prompt:q"
    endif
endif

alias pydoc python -m pydoc

rehash
"""

FISH = """\
# Activate this environment in fish: `source @bin@/activate.fish`.

function deactivate -d 'Leave the virtual environment'
    if set -q _OLD_VIRTUAL_PATH
        set -gx PATH $_OLD_VIRTUAL_PATH
        set -e _OLD_VIRTUAL_PATH
    end
    if set -q _OLD_VIRTUAL_PYTHONHOME
        set -gx PYTHONHOME $_OLD_VIRTUAL_PYTHONHOME
        set -e _OLD_VIRTUAL_PYTHONHOME
    end
    if set -q _OLD_FISH_PROMPT_OVERRIDE; and functions -q _old_fish_prompt
        # With an empty function path fish cannot load its own prompt again while ours is removed.
        set -l fish_function_path
        functions -e fish_prompt
        functions -c _old_fish_prompt fish_prompt
        functions -e _old_fish_prompt
        set -e _OLD_FISH_PROMPT_OVERRIDE
    end
    set -e VIRTUAL_ENV
    set -e VIRTUAL_ENV_PROMPT
    if test "$argv[1]" != nondestructive
        functions -e pydoc
        functions -e deactivate
    end
end

# Leave whatever environment is active.
deactivate nondestructive

set -gx VIRTUAL_ENV @root@
if string match -qr 'CYGWIN|MSYS|MINGW' (uname); and command -s cygpath >/dev/null
    set -gx VIRTUAL_ENV (cygpath -u "$VIRTUAL_ENV")
end

set -gx _OLD_VIRTUAL_PATH $PATH
set -gx PATH "$VIRTUAL_ENV/@bin@" $PATH

set -gx VIRTUAL_ENV_PROMPT @prompt@
if test -z "$VIRTUAL_ENV_PROMPT"
    set -gx VIRTUAL_ENV_PROMPT (basename "$VIRTUAL_ENV")
end

# PYTHONHOME would make the interpreter look elsewhere for its library.
if set -q PYTHONHOME
    set -gx _OLD_VIRTUAL_PYTHONHOME $PYTHONHOME
    set -e PYTHONHOME
end

function pydoc
    python -m pydoc $argv
end

if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"
    functions -c fish_prompt _old_fish_prompt

    function fish_prompt
        # The user's prompt goes first: it may show the status of the last command.
        set -l lines (_old_fish_prompt)
        printf '(%s) ' $VIRTUAL_ENV_PROMPT
        string join -- \\n $lines
    end

    set -gx _OLD_FISH_PROMPT_OVERRIDE "$VIRTUAL_ENV"
end
"""

NUSHELL = """\
# Activate this environment in Nushell 0.106 or newer: `overlay use @bin@/activate.nu`; leave it with `deactivate`.
# With another overlay name, leave it with `overlay hide NAME`.

export-env {
    const virtual_env = @root@
    let name = if (@prompt@ | is-empty) { $virtual_env | path basename } else { @prompt@ }
    let variable = if ('Path' in $env) { 'Path' } else { 'PATH' }
    let search_path = ($env | get $variable | prepend ([$virtual_env '@bin@'] | path join))
    mut changes = { $variable: $search_path, VIRTUAL_ENV: $virtual_env, VIRTUAL_ENV_PROMPT: $name }

    if ($env.VIRTUAL_ENV_DISABLE_PROMPT? | default '' | into string | is-empty) {
        let prefix = $'(char lparen)($name)(char rparen) '
        let previous = ($env.PROMPT_COMMAND? | default '')
        let prompt = if ('closure' in ($previous | describe)) {
            {|| $'($prefix)(do $previous)' }
        } else {
            {|| $'($prefix)($previous)' }
        }
        $changes = ($changes | merge { PROMPT_COMMAND: $prompt, VIRTUAL_PREFIX: $prefix })
    }
    load-env $changes
}

export alias pydoc = python -m pydoc
export alias deactivate = overlay hide activate
"""

POWERSHELL = """\
# Activate this environment in PowerShell: `. @bin@/activate.ps1`.

$script:BASE_DIR = Split-Path -Parent (Split-Path -Parent $MyInvocation.MyCommand.Path)

function global:deactivate([switch] $NonDestructive) {
    if (Test-Path variable:_OLD_VIRTUAL_PATH) {
        $env:PATH = $variable:_OLD_VIRTUAL_PATH
        Remove-Variable "_OLD_VIRTUAL_PATH" -Scope global
    }
    if (Test-Path function:_old_virtual_prompt) {
        $function:prompt = $function:_old_virtual_prompt
        Remove-Item function:\\_old_virtual_prompt
    }
    Remove-Item env:VIRTUAL_ENV -ErrorAction SilentlyContinue
    Remove-Item env:VIRTUAL_ENV_PROMPT -ErrorAction SilentlyContinue
    if (!$NonDestructive) {
        Remove-Item function:deactivate
        Remove-Item function:pydoc
    }
}

function global:pydoc {
    & python -m pydoc $args
}

# Leave whatever environment is active.
deactivate -nondestructive

$env:VIRTUAL_ENV = $BASE_DIR
$env:VIRTUAL_ENV_PROMPT = @prompt@
if (!$env:VIRTUAL_ENV_PROMPT) {
    $env:VIRTUAL_ENV_PROMPT = Split-Path $env:VIRTUAL_ENV -Leaf
}

New-Variable -Scope global -Name _OLD_VIRTUAL_PATH -Value $env:PATH
$env:PATH = (Join-Path $env:VIRTUAL_ENV "@bin@") + "@separator@" + $env:PATH

if (!$env:VIRTUAL_ENV_DISABLE_PROMPT) {
    function global:_old_virtual_prompt { "" }
    $function:_old_virtual_prompt = $function:prompt
    function global:prompt {
        $previous = & $function:_old_virtual_prompt
        "($env:VIRTUAL_ENV_PROMPT) " + $previous
    }
}
"""

XONSH = """\
# Activate this environment in xonsh: `source @bin@/activate.xsh`.


class _VirtualEnvironment:
    # Stands for a variable that was not set before the activation.
    _UNSET = "__virtualenv_was_not_set__"
    _SAVED = ("PATH", "PYTHONHOME")

    def __init__(self):
        from os.path import dirname, realpath

        self.root = dirname(dirname(realpath(__file__)))
        self.prompt = @prompt@

    def _save(self, name):
        __xonsh__.env[f"_OLD_VIRTUAL_{name}"] = __xonsh__.env[name] if name in __xonsh__.env else self._UNSET

    def activate(self):
        from os.path import basename, join

        aliases["deactivate"] = self.deactivate
        self.deactivate(["nondestructive"])
        for name in self._SAVED:
            self._save(name)
        $VIRTUAL_ENV = self.root
        $VIRTUAL_ENV_PROMPT = self.prompt or basename(self.root)
        $PATH = [join(self.root, "@bin@"), *$PATH]
        __xonsh__.env.pop("PYTHONHOME", None)
        aliases["pydoc"] = ["python", "-m", "pydoc"]

    def deactivate(self, args=None):
        for name in self._SAVED:
            saved = f"_OLD_VIRTUAL_{name}"
            if saved in __xonsh__.env:
                value = __xonsh__.env[saved]
                del __xonsh__.env[saved]
                if value == self._UNSET:
                    __xonsh__.env.pop(name, None)
                else:
                    __xonsh__.env[name] = value
        for name in ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT"):
            __xonsh__.env.pop(name, None)
        aliases.pop("pydoc", None)
        if "nondestructive" not in (args or ()):
            del aliases["deactivate"]


_VirtualEnvironment().activate()
"""

BATCH_ACTIVATE = """\
@rem Activate this environment in cmd.exe: @bin@\\activate.bat

@rem The text below is UTF-8; the code page is put back at the end.
@for /f "tokens=2 delims=:." %%a in ('"%SystemRoot%\\System32\\chcp.com"') do @set _OLD_CODEPAGE=%%a
@if defined _OLD_CODEPAGE "%SystemRoot%\\System32\\chcp.com" 65001 > nul

@for %%i in ("@root@") do @set "VIRTUAL_ENV=%%~fi"

@set "VIRTUAL_ENV_PROMPT=@prompt@"
@if not defined VIRTUAL_ENV_PROMPT for %%d in ("%VIRTUAL_ENV%") do @set "VIRTUAL_ENV_PROMPT=%%~nxd"

@if defined _OLD_VIRTUAL_PROMPT @set "PROMPT=%_OLD_VIRTUAL_PROMPT%"
@if not defined PROMPT @set "PROMPT=$P$G"
@if defined VIRTUAL_ENV_DISABLE_PROMPT @goto PROMPT_DONE
@if not defined _OLD_VIRTUAL_PROMPT @set "_OLD_VIRTUAL_PROMPT=%PROMPT%"
@set "PROMPT=(%VIRTUAL_ENV_PROMPT%) %PROMPT%"
:PROMPT_DONE

@rem PYTHONHOME would make the interpreter look elsewhere for its library.
@if not defined _OLD_VIRTUAL_PYTHONHOME @set "_OLD_VIRTUAL_PYTHONHOME=%PYTHONHOME%"
@set PYTHONHOME=

@rem No blocks here: a parenthesis in the value would end them.
@if defined _OLD_VIRTUAL_PATH @set "PATH=%_OLD_VIRTUAL_PATH%"
@if not defined _OLD_VIRTUAL_PATH @set "_OLD_VIRTUAL_PATH=%PATH%"
@set "PATH=%VIRTUAL_ENV%\\@bin@;%PATH%"

@if defined _OLD_CODEPAGE "%SystemRoot%\\System32\\chcp.com" %_OLD_CODEPAGE% > nul
@set _OLD_CODEPAGE=
"""

BATCH_DEACTIVATE = """\
@rem Leave the virtual environment.

@set VIRTUAL_ENV=
@set VIRTUAL_ENV_PROMPT=

@if defined _OLD_VIRTUAL_PROMPT @set "PROMPT=%_OLD_VIRTUAL_PROMPT%"
@set _OLD_VIRTUAL_PROMPT=
@if defined _OLD_VIRTUAL_PYTHONHOME @set "PYTHONHOME=%_OLD_VIRTUAL_PYTHONHOME%"
@set _OLD_VIRTUAL_PYTHONHOME=
@if defined _OLD_VIRTUAL_PATH @set "PATH=%_OLD_VIRTUAL_PATH%"
@set _OLD_VIRTUAL_PATH=
"""

BATCH_PYDOC = """\
@rem Documentation of what is installed in this environment.
@python.exe -m pydoc %*
"""

ACTIVATE_THIS = '''\
"""Use the packages of this environment in an interpreter that is already running.

    import runpy
    runpy.run_path("@bin@/activate_this.py")
"""

from __future__ import annotations

import os
import site
import sys

try:
    here = os.path.dirname(os.path.abspath(__file__))
except NameError as error:
    raise AssertionError("You must use import runpy; runpy.run_path(this_file)") from error

root = here[: -len("@bin@") - 1]

os.environ["PATH"] = os.pathsep.join([here, *os.environ.get("PATH", "").split(os.pathsep)])
os.environ["VIRTUAL_ENV"] = root
os.environ["VIRTUAL_ENV_PROMPT"] = @prompt@ or os.path.basename(root)

# The environment's directories go before those of the running interpreter.
known = len(sys.path)
for directory in "@site@".split(os.pathsep):
    site.addsitedir(os.path.realpath(os.path.join(here, directory)))
sys.path[:] = sys.path[known:] + sys.path[:known]

sys.real_prefix = sys.prefix
sys.prefix = root
'''

DISTUTILS_PATCH = '''\
"""Keep a user's distutils configuration from installing outside of this environment.

`distutils.cfg` and `setup.cfg` may set `install.prefix` and the like. Python 3.10 ignores them in an
environment; before, the parser of these files must be wrapped as soon as it is imported.
"""

import os
import sys

_MODULES = ("distutils.dist", "setuptools.dist")
_REDIRECTIONS = ("purelib", "platlib", "headers", "scripts", "data")


def _wrap(module):
    parse = module.Distribution.parse_config_files

    def parse_config_files(self, *args, **kwargs):
        result = parse(self, *args, **kwargs)
        install = self.get_option_dict("install")
        if "prefix" in install:
            install["prefix"] = os.path.abspath(__file__), os.path.abspath(sys.prefix)
        for name in _REDIRECTIONS:
            install.pop("install_" + name, None)
        return result

    module.Distribution.parse_config_files = parse_config_files


class _Finder:
    """Lets the other finders locate one of the modules, and wraps it after it has been executed."""

    searching = False

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in _MODULES or cls.searching:
            return None
        from importlib.util import find_spec

        cls.searching = True
        try:
            spec = find_spec(name)
        finally:
            cls.searching = False
        if spec is not None and hasattr(spec.loader, "exec_module"):
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                _wrap(module)

            try:
                spec.loader.exec_module = exec_module
            except AttributeError:
                pass  # a loader written in C has nothing to wrap
        return spec


sys.meta_path.insert(0, _Finder)
'''

DISTUTILS_PATCH_HOOK = "import _virtualenv"
