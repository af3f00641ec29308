"""PEP 508 markers as interned, reduced, ordered decision diagrams."""
