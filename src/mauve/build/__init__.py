"""Build wheels and source distributions from source trees with their build backends."""
