"""Who requires whom in a lock, for people and for programs."""
