"""Homes: what they are, where the list of them comes from, and what opens when."""
