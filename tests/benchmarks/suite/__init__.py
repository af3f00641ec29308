"""Times the same jobs done by mauve, uv and other package managers: `python -m tests.benchmarks.suite`."""
