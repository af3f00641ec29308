"""Editing TOML documents with tomlkit: everything that is not changed keeps its bytes."""
