"""Act as a credential helper for external tools: they ask for a URL in JSON and get headers in JSON."""

from __future__ import annotations

import sys

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, UsageError, argument, value
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


class HelperArgs(ArgumentGroup, title="Options"):
    """Options of `auth helper`."""

    action: str = argument("COMMAND", required=True, help="Retrieve credentials for a URI")
    protocol: str | None = value("--protocol", choices=("bazel",), help="The credential helper protocol to use")


def help_out(chosen: HelperArgs, cache: CacheArgs, python: PythonArgs, shared: GlobalArgs) -> int:
    """Answer one request."""
    usage = "--protocol <PROTOCOL> <COMMAND>"
    if chosen.protocol is None:
        raise UsageError(
            "the following required arguments were not provided:",
            details=("  --protocol <PROTOCOL>",),
            usage=usage,
            path="auth helper",
        )
    if chosen.action != "get":
        raise UsageError(f"unrecognized subcommand '{chosen.action}'", usage=f"[OPTIONS] {usage}", path="auth helper")
    session = Session.start(shared, cache, python)
    settings = session.settings
    if not settings.previews("auth-helper"):
        session.printer.warning(
            "The `uv auth helper` command is experimental and may change without warning. Pass `--preview-features "
            "auth-helper` to disable this warning"
        )
    from mauve.operations.auth_helper import answer_request

    folder = settings.network.credential_store
    session.printer.data(answer_request(sys.stdin.read(), "" if folder is None else folder) + "\n")
    return ExitStatus.SUCCESS


command = declare_command(
    "auth helper",
    "Act as a credential helper for external tools",
    HelperArgs,
    CacheArgs,
    PythonArgs,
    GlobalArgs,
    positional_usage="--protocol <PROTOCOL> <COMMAND>",
)(help_out)
