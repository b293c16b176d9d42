"""Numbers of enterprises: what counts, by industry, segment, city and year; each a Figure with its rows."""
