"""Settings for an office's own server: HTTPS, no demonstration people, every secret from the environment."""

import os

from django.core.exceptions import ImproperlyConfigured

from xiandao.config.settings.base import *  # noqa: F403 — settings modules extend one another by star import

if not SECRET_KEY:  # noqa: F405
    raise ImproperlyConfigured("XIANDAO_SECRET_KEY 未设置：请在环境变量中给出至少 50 个随机字符。")

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# HTTPS ends at a proxy, so there is one; it says where a request came from.
PROXIES = int(os.environ.get("XIANDAO_PROXIES", "1"))
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
