"""Listens to Django's own signal of signing in, so that every way of signing in opens a session of ours."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.session import begin


@receiver(user_logged_in)
def session_begins(request: HttpRequest | None, user: User, **_kwargs: Any) -> None:
    """Set the clock of the session and note it as open."""
    if request is not None:
        begin(request, user)
