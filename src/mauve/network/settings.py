"""What the network layer is told at the start of a run. Reading variables and files is the business of `config`."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from msgspec import Struct

from mauve.distributions.index import AuthPolicy


class Credentials(Struct, frozen=True):
    """A user name and perhaps a password; its text never shows the password."""

    username: str
    password: str | None = None

    def __repr__(self) -> str:
        """Return a form that is safe in logs."""
        return f"Credentials(username={self.username!r}, password={'None' if self.password is None else '****'})"

    __str__ = __repr__

    @property
    def is_complete(self) -> bool:
        """Return whether there is a password, be it empty."""
        return self.password is not None


class BearerToken(Struct, frozen=True):
    """A token that is sent as it is; its text never shows it."""

    value: str

    username: ClassVar[str] = ""
    is_complete: ClassVar[bool] = True

    def __repr__(self) -> str:
        """Return a form that is safe in logs."""
        return "BearerToken(****)"

    __str__ = __repr__


Authentication: TypeAlias = Credentials | BearerToken
"""What opens a server."""


class TlsSettings(Struct, frozen=True, kw_only=True):
    """Whom to trust.

    Attributes:
        certificate_file: PEM file in place of the bundled roots (`SSL_CERT_FILE`).
        certificate_directories: folders of hashed certificates in their place (`SSL_CERT_DIR`).
        system_certificates: use the store of the operating system.
        client_certificate: PEM file with our certificate and key (`SSL_CLIENT_CERT`).
        insecure_hosts: `host` or `host:port` whose certificates are not checked; `*` is every host.
    """

    certificate_file: str | None = None
    certificate_directories: tuple[str, ...] = ()
    system_certificates: bool = False
    client_certificate: str | None = None
    insecure_hosts: tuple[str, ...] = ()

    @property
    def trusts_bundled(self) -> bool:
        """Return whether the bundled roots decide."""
        return not (self.certificate_file or self.certificate_directories or self.system_certificates)

    def is_insecure(self, host: str, port: int) -> bool:
        """Return whether the certificate of *host* is not to be checked."""
        return any(known in self.insecure_hosts for known in (host, f"{host}:{port}", "*"))


class ProxySettings(Struct, frozen=True, kw_only=True):
    """Proxies by the scheme of the request, and hosts that are reached directly (`NO_PROXY` syntax, split)."""

    http: str | None = None
    https: str | None = None
    everything: str | None = None
    exceptions: tuple[str, ...] = ()


class IndexAccess(Struct, frozen=True, kw_only=True):
    """How one index is to be authenticated with.

    Attributes:
        url: of the index, without credentials. It covers what is below its root.
        credentials: from the URL or from `UV_INDEX_<NAME>_…`.
    """

    url: str
    policy: AuthPolicy = AuthPolicy.AUTO
    credentials: Credentials | None = None


class NetworkSettings(Struct, frozen=True, kw_only=True):
    """Everything a client is built from.

    Attributes:
        connect_timeout, read_timeout: seconds; the latter between two arrivals of data.
        retries: how often a request is repeated after a transient failure.
        concurrent_downloads: requests under way at once.
        netrc: path of the netrc file, if there is one.
        keyring: ask the `keyring` program (`--keyring-provider subprocess`).
        credential_store: folder of the text file that `auth login` writes.
    """

    offline: bool = False
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    retries: int = 3
    concurrent_downloads: int = 50
    user_agent: str = "mauve"
    tls: TlsSettings = TlsSettings()
    proxies: ProxySettings = ProxySettings()
    indexes: tuple[IndexAccess, ...] = ()
    netrc: str | None = None
    keyring: bool = False
    credential_store: str | None = None
