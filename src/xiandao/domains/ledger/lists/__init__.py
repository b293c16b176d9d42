"""Published lists (名单): read as tables, their rows matched to organisations, enterprises and entries known."""
