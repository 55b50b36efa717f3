"""Tables of `docs/` that are made from the sources and the shipped scenarios, so that they can't drift."""
