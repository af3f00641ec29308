"""Options that the commands of `auth` share."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, value
from mauve.config.environment import EnvVar


class HiddenAuthArgs(ArgumentGroup, title="Options"):
    """What other versions understood and nothing depends on."""

    keyring_provider: str | None = value(
        "--keyring-provider", env=EnvVar.KEYRING_PROVIDER, choices=("disabled", "subprocess"), hidden=True
    )
