"""Hooks of this domain for the domains to its right."""

from django.dispatch import Signal

# Sent inside the transaction that loads a policy pack, once organisations and regions stand.
# Arguments: actor (Viewer), pack (PolicyPack). Receivers load their own part of the pack.
pack_loading = Signal()
