"""The hook `prepare_metadata_for_build_wheel` of the build backend."""

from mauve.cli.backend_hooks import MetadataHookArgs, making_hook

command = making_hook(
    "prepare-metadata-for-build-wheel", MetadataHookArgs, lambda hooks, chosen: hooks.metadata(chosen.output)
)
