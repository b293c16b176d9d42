"""Hooks of this domain: for the office and for domains to its right."""

from django.dispatch import Signal

# Sent inside the transaction in which an application is handed in, first or corrected.
# Arguments: actor (Viewer), application (Application), now (datetime), again (bool).
application_submitted = Signal()

# Sent inside the transaction in which an application is taken back or lapses with its call.
# Arguments: actor (Viewer), application (Application), now (datetime).
application_gone = Signal()
