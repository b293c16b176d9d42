"""What can be done to organisations, people and packs."""

from xiandao.domains.orgs.actions.demo import ensure_demo_people
from xiandao.domains.orgs.actions.packs import load_pack
from xiandao.domains.orgs.actions.people import sign_in_recorded

__all__ = ["ensure_demo_people", "load_pack", "sign_in_recorded"]
