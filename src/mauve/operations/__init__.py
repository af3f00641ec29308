"""Use cases: one module per command family; no options, no printing."""
