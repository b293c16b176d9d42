"""An invented register to look at: firms of every industry in every city, marked so, removed in one command."""
