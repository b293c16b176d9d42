"""Accounts and posts."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.viewer import Viewer

SIGNED_IN = register("orgs.signed_in", _("登录"))


@transaction.atomic
def sign_in_recorded(actor: Viewer) -> None:
    """Record that a person signed in."""
    audit.record(actor, SIGNED_IN, kind="user", key=actor.account, label=actor.name)
