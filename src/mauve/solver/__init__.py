"""PubGrub over any package and version-set type; knows nothing of Python packaging."""
