"""Settings of every command: cache, network, interpreters, how much is done at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.config.declare import UsageError
from mauve.config.environment import EnvVar, InvalidVariable
from mauve.config.previews import Previews, wanted_previews
from mauve.distributions.index import AuthPolicy
from mauve.errors import ExitStatus, MauveError

if TYPE_CHECKING:
    from mauve.config.arguments.cache import CacheArgs
    from mauve.config.arguments.everywhere import GlobalArgs
    from mauve.config.arguments.python import PythonArgs
    from mauve.config.environment import Variables
    from mauve.config.merge import MergedFiles
    from mauve.config.tables import SettingsTable
    from mauve.distributions.index import IndexLocations


_DOWNLOADS: Final = {
    "auto": "automatic",
    "automatic": "automatic",
    "true": "automatic",
    "1": "automatic",
    "manual": "manual",
    "never": "never",
    "false": "never",
    "0": "never",
}


class InvalidDownloads(MauveError):
    """`UV_PYTHON_DOWNLOADS` says something else than when interpreters are downloaded."""

    status = ExitStatus.FAILURE

    def __init__(self, given: str) -> None:
        """Name the value."""
        super().__init__(given)
        self.given = given

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "invalid value for UV_PYTHON_DOWNLOADS, expected one of 'auto', 'true', 'manual', 'never', or 'false'"


class CacheSettings(Struct, frozen=True):
    """Where the cache is; *root* None = a temporary folder for this run."""

    root: str | None


class PythonSettings(Struct, frozen=True, kw_only=True):
    """Which interpreters may be used.

    Attributes:
        preference: `only-managed`, `managed`, `system` or `only-system`.
        downloads: `automatic`, `manual` or `never`.
    """

    preference: str = "managed"
    downloads: str = "automatic"


class Concurrency(Struct, frozen=True, kw_only=True):
    """How much is done at once."""

    downloads: int = 50
    builds: int = 1
    installs: int = 1


class TlsChoice(Struct, frozen=True, kw_only=True):
    """What the user said about certificates."""

    system: bool = False
    file: str | None = None
    directories: tuple[str, ...] = ()
    client: str | None = None
    insecure_hosts: tuple[str, ...] = ()


class ProxyChoice(Struct, frozen=True, kw_only=True):
    """What the user said about proxies."""

    http: str | None = None
    https: str | None = None
    everything: str | None = None
    exceptions: tuple[str, ...] = ()


class IndexLogin(Struct, frozen=True, kw_only=True):
    """Credentials of a named index from `UV_INDEX_<NAME>_USERNAME` and `_PASSWORD`."""

    url: str
    policy: AuthPolicy
    username: str | None
    password: str | None


class NetworkChoice(Struct, frozen=True, kw_only=True):
    """What the user said about the network."""

    offline: bool = False
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    retries: int = 3
    tls: TlsChoice = TlsChoice()
    proxies: ProxyChoice = ProxyChoice()
    netrc: str | None = None
    credential_store: str | None = None


class EverywhereSettings(Struct, frozen=True, kw_only=True):
    """The merged settings that every command shares."""

    cache: CacheSettings
    python: PythonSettings
    concurrency: Concurrency
    network: NetworkChoice
    installer_metadata: bool = True
    wanted_previews: Previews = Previews()

    def previews(self, feature: str) -> bool:
        """Return whether the user wants *feature* before it is finished."""
        return self.wanted_previews.everything or feature in self.wanted_previews.features


def everywhere_settings(
    shared: GlobalArgs, cache: CacheArgs, python: PythonArgs, files: MergedFiles, variables: Variables
) -> EverywhereSettings:
    """Merge command line, environment and files.

    Raises:
        InvalidVariable: a variable does not have the form it needs.
    """
    _check_driver(variables)
    _check_names(variables)
    return EverywhereSettings(
        cache=_cache(cache, files, variables),
        python=_python(python, files, variables),
        concurrency=_concurrency(files, variables),
        network=_network(shared, files, variables),
        installer_metadata=not shared.no_installer_metadata,
        wanted_previews=wanted_previews(shared, files),
    )


def default_cache_root(variables: Variables) -> str:
    """Return the cache folder of the platform, which is shared with uv."""
    base = variables.text("XDG_CACHE_HOME")
    if os.name == "nt":
        return os.path.join(variables.text("LOCALAPPDATA") or os.path.expanduser("~"), "uv", "cache")
    if base is None or not os.path.isabs(base):
        base = os.path.join(variables.text("HOME") or os.path.expanduser("~"), ".cache")
    return os.path.join(base, "uv")


def _check_driver(variables: Variables) -> None:
    """Raise `InvalidVariable` if the version of the graphics driver is none; nothing depends on it yet."""
    given = variables.text(EnvVar.CUDA_DRIVER_VERSION)
    if given is not None:
        from mauve.standards.versions import InvalidVersion, parse_version

        try:
            parse_version(given)
        except InvalidVersion as error:
            raise InvalidVariable(EnvVar.CUDA_DRIVER_VERSION, given, error.reason) from None


def _check_names(variables: Variables) -> None:
    """Raise `InvalidVariable` if a list of packages has something else; every command looks at those."""
    for variable in (EnvVar.NO_BINARY_PACKAGE, EnvVar.NO_BUILD_PACKAGE):
        names = variables.items(variable)
        if names:
            from mauve.standards.names import InvalidName, package_name

            for name in names:
                try:
                    package_name(name)
                except InvalidName as error:
                    raise InvalidVariable(variable, variables.mapping[variable], str(error)) from None


def _cache(cache: CacheArgs, files: MergedFiles, variables: Variables) -> CacheSettings:
    no_cache = cache.no_cache if cache.no_cache is not None else files.first(lambda table: table.no_cache)
    if no_cache:
        return CacheSettings(None)
    root = cache.cache_dir or files.path(lambda table: table.cache_dir) or default_cache_root(variables)
    return CacheSettings(os.path.abspath(root))


def _python(python: PythonArgs, files: MergedFiles, variables: Variables) -> PythonSettings:
    preference = python.python_preference or files.first(lambda table: table.python_preference)
    if python.managed_python:
        preference = "only-managed"
    elif python.no_managed_python:
        preference = "only-system"
    said = variables.text(EnvVar.PYTHON_DOWNLOADS)
    downloads = files.first(_downloads) if said is None else _DOWNLOADS.get(said)
    if downloads is None and said is not None:
        raise InvalidDownloads(said)
    if python.no_python_downloads:
        downloads = "never"
    elif python.no_python_downloads is False:
        downloads = "automatic"
    elif python.python_fetch is not None:
        downloads = python.python_fetch
    return PythonSettings(preference=preference or "managed", downloads=downloads or "automatic")


def _downloads(table: SettingsTable) -> str | None:
    said = table.python_downloads
    if isinstance(said, bool):
        return "automatic" if said else "never"
    return None if said is None else _DOWNLOADS[said]


def _concurrency(files: MergedFiles, variables: Variables) -> Concurrency:
    processors = os.cpu_count() or 1
    return Concurrency(
        downloads=variables.positive(EnvVar.CONCURRENT_DOWNLOADS)
        or files.first(lambda table: table.concurrent_downloads)
        or 50,
        builds=variables.positive(EnvVar.CONCURRENT_BUILDS)
        or files.first(lambda table: table.concurrent_builds)
        or processors,
        installs=variables.positive(EnvVar.CONCURRENT_INSTALLS)
        or files.first(lambda table: table.concurrent_installs)
        or processors,
    )


def _network(shared: GlobalArgs, files: MergedFiles, variables: Variables) -> NetworkChoice:
    remark = "; value should be an integer number of seconds"
    read_timeout = next(
        (
            found
            for name in (EnvVar.HTTP_TIMEOUT, EnvVar.REQUEST_TIMEOUT, "HTTP_TIMEOUT")
            if (found := variables.number(name, remark)) is not None
        ),
        None,
    )
    connect_timeout = variables.number(EnvVar.HTTP_CONNECT_TIMEOUT, remark)
    retries = variables.number(EnvVar.HTTP_RETRIES, bits=32)
    return NetworkChoice(
        offline=_said(shared.offline, files.first(lambda table: table.offline)),
        connect_timeout=10.0 if connect_timeout is None else float(connect_timeout),
        read_timeout=30.0 if read_timeout is None else float(read_timeout),
        retries=3 if retries is None else retries,
        tls=TlsChoice(
            system=_said(
                shared.system_certs if shared.system_certs is not None else variables.boolean(EnvVar.NATIVE_TLS),
                files.first(lambda table: table.system_certs or table.native_tls),
            ),
            file=variables.text("SSL_CERT_FILE"),
            directories=variables.items("SSL_CERT_DIR", os.pathsep) or (),
            client=variables.text("SSL_CLIENT_CERT"),
            insecure_hosts=_insecure_hosts(shared, files),
        ),
        proxies=_proxies(files, variables),
        netrc=_netrc(variables),
        credential_store=credential_store(variables),
    )


def _proxies(files: MergedFiles, variables: Variables) -> ProxyChoice:
    http, https = files.first(lambda table: table.http_proxy), files.first(lambda table: table.https_proxy)
    exceptions = files.joined(lambda table: table.no_proxy)
    if not exceptions and http is None and https is None:
        # What the variables except is meant for the proxies of the variables.
        exceptions = variables.items("NO_PROXY", ",") or variables.items("no_proxy", ",") or ()
    https = https or variables.text("HTTPS_PROXY") or variables.text("https_proxy")
    everything = variables.text("ALL_PROXY") or variables.text("all_proxy")
    if "REQUEST_METHOD" in variables.mapping:
        # In a CGI program `HTTP_PROXY` is a header of whoever asks.
        return ProxyChoice(http=http, https=https or everything, exceptions=exceptions)
    return ProxyChoice(
        http=http or variables.text("HTTP_PROXY") or variables.text("http_proxy"),
        https=https,
        everything=everything,
        exceptions=exceptions,
    )


def _insecure_hosts(shared: GlobalArgs, files: MergedFiles) -> tuple[str, ...]:
    hosts = files.joined(lambda table: table.allow_insecure_host)
    if not shared.allow_insecure_host and not hosts:
        return ()
    from mauve.config.trusted_hosts import InvalidTrustedHost, trusted_hosts

    if not shared.allow_insecure_host:
        return trusted_hosts(hosts)
    try:
        return trusted_hosts(shared.allow_insecure_host)
    except InvalidTrustedHost as error:
        label = shared.specs["allow_insecure_host"].label
        raise UsageError(f"invalid value '{error.text}' for '{label}': {error}", show_usage=False) from error


def index_logins(indexes: IndexLocations, variables: Variables) -> tuple[IndexLogin, ...]:
    """Return the login of each index that has a policy of its own or credentials in the environment."""
    logins: list[IndexLogin] = []
    for index in (*indexes.indexes, *indexes.flat_indexes):
        username = password = None
        if index.name is not None:
            key = "".join(character if character.isalnum() else "_" for character in index.name).upper()
            username = variables.text(f"UV_INDEX_{key}_USERNAME")
            password = variables.text(f"UV_INDEX_{key}_PASSWORD")
        logins.append(IndexLogin(url=index.url, policy=index.authenticate, username=username, password=password))
    return tuple(logins)


def credential_store(variables: Variables) -> str:
    """Return the folder of the credentials that `auth login` keeps, which is shared with uv."""
    named = variables.text(EnvVar.CREDENTIALS_DIR)
    if named is not None:
        return named
    if os.name == "nt":
        return os.path.join(variables.text("APPDATA") or os.path.expanduser("~"), "uv", "data", "credentials")
    base = variables.text("XDG_DATA_HOME")
    if base is None or not os.path.isabs(base):
        base = os.path.join(variables.text("HOME") or os.path.expanduser("~"), ".local", "share")
    return os.path.join(base, "uv", "credentials")


def _netrc(variables: Variables) -> str | None:
    named = variables.text("NETRC")
    if named is not None:
        return named
    home = variables.text("HOME")
    path = None if home is None else os.path.join(home, ".netrc")
    return path if path is not None and os.path.isfile(path) else None


def _said(typed: bool | None, in_file: bool | None) -> bool:  # noqa: FBT001 - both are answers to one question
    return bool(in_file) if typed is None else typed
