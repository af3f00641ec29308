"""Proxies of the environment and of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine


@pytest.mark.parametrize(
    ("variables", "is_used"),
    [
        ({"HTTP_PROXY": "{}"}, True),
        ({"http_proxy": "{}"}, True),
        ({"ALL_PROXY": "{}"}, True),
        ({"HTTPS_PROXY": "{}"}, False),
        ({"HTTP_PROXY": "{}", "NO_PROXY": "127.0.0.0/8"}, False),
        ({"HTTP_PROXY": "{}", "NO_PROXY": "0.0.1"}, True),
        ({"HTTP_PROXY": "{}", "REQUEST_METHOD": "GET"}, False),
        ({"ALL_PROXY": "{}", "REQUEST_METHOD": ""}, False),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_a_proxy_is_asked_or_not(
    tool: CommandLine, server: IndexServer, variables: dict[str, str], is_used: bool
) -> None:
    """The second server stands for the proxy: it is asked by the whole URL, and says that it knows nothing."""
    tool.write_project("b")
    with IndexServer() as proxy:
        ran = tool.run("lock", variables={name: text.format(proxy.origin) for name, text in variables.items()})
        asked = proxy.paths()
    assert (ran.status, f"{server.url}/b/" in asked) == ((1, True) if is_used else (0, False)), ran.err
    assert bool(server.requests) is not is_used
