"""Fits of the few values that are fitted, and nothing else."""
