"""Reading programmes, calls, applications, decisions."""
