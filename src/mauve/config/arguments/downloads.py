"""Where lists of interpreters to download come from."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, value


class DownloadsArgs(ArgumentGroup, title="Options"):
    """Where lists of interpreters to download come from; without an effect, as nothing is downloaded."""

    python_downloads_json_url: str | None = value(
        "--python-downloads-json-url", help="URL pointing to JSON of custom Python installations"
    )
