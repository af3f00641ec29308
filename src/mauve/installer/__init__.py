"""Putting wheels into environments and taking them out: inventory, plan, preparation, links, removal."""
