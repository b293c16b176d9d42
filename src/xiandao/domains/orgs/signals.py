"""Hooks of this domain for the domains to its right."""

from django.dispatch import Signal

# Sent inside the transaction that loads a policy pack, once organisations and regions stand.
# Arguments: actor (Viewer), pack (PolicyPack). Receivers load their own part of the pack.
pack_loading = Signal()

# Sent inside the transaction in which a post is over for good. Receivers hand its open work to the successor.
# Arguments: actor (Viewer), post (Post), successor (Post or None), today (date).
post_ended = Signal()

# Sent inside the transaction that removes demonstration people and bodies, before they go.
# Arguments: actor (Viewer). Receivers remove what is theirs and marked as demonstration.
demo_removing = Signal()
