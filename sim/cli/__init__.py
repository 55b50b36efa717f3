"""The command line: one verb per file, heavy imports inside the verbs, so that `--help` is quick."""
