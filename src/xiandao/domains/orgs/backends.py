"""Passwords as first factor, for accounts that may sign in at all."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend


class PasswordBackend(ModelBackend):
    """Django's own check; demonstration accounts exist for it in demonstration mode only."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Return whether an account may sign in, and stay signed in."""
        return super().user_can_authenticate(user) and (settings.DEMO_MODE or not user.is_demo)
