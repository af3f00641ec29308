"""Packaging standards as pure values, one module each, on top of packaging."""
