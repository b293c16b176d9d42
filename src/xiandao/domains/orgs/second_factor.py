"""Second factors: the settings of django-allauth's one-time codes and passkeys for this product."""

import base64
import hashlib
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _


def _cipher() -> MultiFernet:
    """Return the cipher of stored secrets: keyed by the secret key, readable with the ones before it too."""
    keys = [str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factor {key}".encode()).digest())) for key in keys]
    )


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps secrets encrypted in the database and names things in Chinese."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret. Raises InvalidToken where the secret key has changed without a fallback."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Any) -> str:
        """Return what an authenticator app shows."""
        return str(user.username)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return for whom a passkey is: the host it was made at."""
        return {**super().get_public_key_credential_rp_entity(), "name": _("先导")}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Return whose passkey it is, as the browser shows it."""
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.name, "name": user.username}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 — allauth's parameter
        """Return a name for a new passkey."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("通行密钥 %(number)s") % {"number": number}
