"""From a user's YAML file to a frozen, checked scenario.

`library` finds files, `merge` and `read` build one tree from a file and what it extends, `types` says what is
allowed, `resolve` puts them together and locates every fault, `write` prints the result.
"""
