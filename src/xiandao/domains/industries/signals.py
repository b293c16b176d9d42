"""Hooks of this domain for the domains to its right."""

from django.dispatch import Signal

# Sent inside the transaction in which a version of the catalogue comes into force by somebody's decision.
# Arguments: actor (Viewer), version (CatalogueVersion), former (CatalogueVersion or None).
catalogue_published = Signal()
