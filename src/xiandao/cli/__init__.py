"""The `xiandao` command: the same actions and engines as the pages, no logic of its own."""
