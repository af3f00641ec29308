"""Python's rules on top of the solver: candidates, forks, preferences, one universal graph."""
