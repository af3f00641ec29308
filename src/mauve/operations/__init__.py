"""Use cases: one module per command family; no click, no printing."""
