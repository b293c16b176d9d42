"""Hooks of this domain for the domains to its right."""

from django.dispatch import Signal

# Sent inside the transaction in which a run takes its place, after its classifications are written and before it is
# current. Arguments: run (Run), former (Run or None), actor (Viewer), now (datetime). Receivers carry over what people
# settled: they may change role, decision, settled and settled_at of the run's classifications whose text is unchanged.
run_finishing = Signal()

# Sent inside the transaction in which a register version is loaded, after enterprises were brought up to date.
# Arguments: register (RegisterVersion), actor (Viewer), now (datetime).
register_loaded = Signal()

# Sent inside the transaction in which two enterprises are declared one or two again, after `same_as` is set.
# Arguments: twin (Twin), actor (Viewer), now (datetime).
twins_settled = Signal()
"""Whoever keeps counts by enterprise counts those without `same_as` only."""

# Sent inside the transaction that removes demonstration registers, runs and enterprises, before they go.
# Arguments: actor (Viewer). Receivers remove what of theirs hangs on demonstration enterprises or runs.
demo_firms_going = Signal()
