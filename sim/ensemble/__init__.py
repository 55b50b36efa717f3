"""Many replications: run those that are not there yet, and gather their parts into the result tables."""
