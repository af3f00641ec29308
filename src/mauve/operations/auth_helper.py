"""The protocol of Bazel's credential helpers: `{"uri": …}` in, `{"headers": {"Authorization": […]}}` out."""

from __future__ import annotations

import json

from mauve.errors import MauveError
from mauve.network.auth.authorization import authorization
from mauve.network.errors import NetworkFailure
from mauve.operations.auth import find_for
from mauve.standards.web_urls import InvalidUrl, normalise_url


class InvalidRequest(MauveError):
    """What was asked does not follow the protocol; the cause says why."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "Failed to parse credential request as JSON"


def answer_request(text: str, folder: str) -> str:
    """Return the answer to the request *text* from the store in *folder*; no headers where nothing is stored.

    Raises:
        InvalidRequest: the request is no JSON object with a URL.
    """
    found = find_for(folder, _requested_url(text))
    headers = {} if found is None else {"Authorization": [authorization(found)]}
    return json.dumps({"headers": headers}, separators=(",", ":"))


def _requested_url(text: str) -> str:
    try:
        request = json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidRequest from NetworkFailure(f"{error.msg} at line {error.lineno} column {error.colno - 1}")
    if not isinstance(request, dict) or not isinstance(request.get("uri"), str):
        raise InvalidRequest from NetworkFailure("missing field `uri`")
    uri = request["uri"]
    try:
        return normalise_url(uri)
    except InvalidUrl as error:
        raise InvalidRequest from NetworkFailure(f'{error}: "{uri}"')
