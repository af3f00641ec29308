"""Which previews are asked for: features that can be had before they are finished, by name.

`--preview` and `--no-preview` decide about all of them, on the command line before in files; else the names of the
command line count, else those of the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from mauve.config.declare import UsageError

if TYPE_CHECKING:
    from mauve.config.arguments.everywhere import GlobalArgs
    from mauve.config.merge import MergedFiles
    from mauve.config.tables import SettingsTable

NAMELESS: Final = "preview feature name cannot be empty"

_NAMES: Final = (
    "add-bounds adjust-ulimit artifact-hash-filtering audit audit-command auth-helper azure-endpoint batch-export "
    "build-dependency-check build-dependency-hashes build-lazy-imports cache-physical-space cache-size "
    "centralized-project-envs check check-command content-addressed-cache detect-module-conflicts "
    "extra-build-dependencies format format-command frozen-lockfile gcs-endpoint http2-keep-alive index-by-name "
    "index-exclude-newer index-hash-algorithm init-project-flag json-output lock-without-metadata "
    "lockfile-format-check lockfile-normalization malware-check metadata-json minimum-libc-version "
    "missing-exclude-newer-package-lock native-auth package-conflicts packaged-init project-directory-must-exist "
    "publish-require-normalized pylock python-install-default relocatable-envs-default resolution-inputs "
    "s3-endpoint sbom-export special-conda-env-names target-workspace-discovery toml-backwards-compatibility "
    "tool-install-locks venv-redirect-files venv-safe-clear wheel-variants workspace-dir workspace-list "
    "workspace-list-scripts workspace-metadata"
)
KNOWN_PREVIEWS: Final = frozenset(_NAMES.split())


class Previews(Struct, frozen=True):
    """What is wanted before it is finished: everything, or features by name."""

    everything: bool = False
    features: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the names that mean nothing."""
        return tuple(name for name in self.features if name not in KNOWN_PREVIEWS)


def wanted_previews(shared: GlobalArgs, files: MergedFiles) -> Previews:
    """Return the previews that the user asked for.

    Raises:
        UsageError: a name is empty.
    """
    typed = _names(shared.preview_features)
    if not all(typed):
        label = shared.specs["preview_features"].label
        raise UsageError(f"invalid value '' for '{label}': {NAMELESS}", show_usage=False)
    if shared.preview is not None:
        return Previews(everything=shared.preview)
    if typed:
        return Previews(features=typed)
    everything = files.first(_everything)
    if everything is not None:
        return Previews(everything=everything)
    return Previews(features=_names(files.joined(_listed)))


def find_preview_fault(table: dict[str, Any]) -> tuple[tuple[str, ...], str] | None:
    """Return the place and the reason of what is wrong with the previews in a settings *table*."""
    named = table.get("preview-features")
    if named is None:
        return None
    if isinstance(named, list):
        if any(isinstance(name, str) and not name.strip() for name in named):
            return ("preview-features",), NAMELESS
    elif not isinstance(named, bool):
        from mauve.standards.toml import described

        reason = f"invalid type: {described(named)}, expected a boolean or a list of preview feature names"
        return ("preview-features",), reason
    return ((), "cannot specify both `preview` and `preview-features`") if "preview" in table else None


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([name.strip() for name in given]))


def _everything(table: SettingsTable) -> bool | None:
    named = table.preview_features
    return named if isinstance(named, bool) else table.preview


def _listed(table: SettingsTable) -> list[str] | None:
    named = table.preview_features
    return named if isinstance(named, list) else None
