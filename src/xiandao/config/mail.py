"""Where e-mail goes: the server an office names in one address, else a folder beside the data."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_settings(address: str, data: Path) -> dict[str, Any]:
    """Return Django's e-mail settings for an address such as smtp+tls://name:password@mail.example.gov.cn:587.

    smtp: plain; smtp+tls: STARTTLS; smtps: TLS from the start. "console" prints to the worker's output. Without an
    address mails are written as files to the folder mail of `data`. Raises ImproperlyConfigured.
    """
    if not address:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": data / "mail"}
    if address == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(address)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    if not port or not parts.hostname:
        raise ImproperlyConfigured(
            "XIANDAO_SMTP 无法识别：应形如 smtp+tls://用户:密码@主机:587（或 smtp://、smtps://），"
            "密码中的特殊字符用 %XX 书写。"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 30,
    }
