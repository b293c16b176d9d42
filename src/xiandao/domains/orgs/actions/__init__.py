"""What can be done to organisations, people and packs."""

from xiandao.domains.orgs.actions.packs import load_pack
from xiandao.domains.orgs.actions.people import ensure_demo_people, sign_in_recorded

__all__ = ["ensure_demo_people", "load_pack", "sign_in_recorded"]
