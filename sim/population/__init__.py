"""People: residents as columns, who they are at the start, and what happens to everybody every month."""
