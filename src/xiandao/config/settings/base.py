"""Settings shared by every way of running Xiandao. Deployment values come from the environment."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.utils.translation import gettext_lazy as _

from xiandao.config.mail import mail_settings

PACKAGE = Path(__file__).resolve().parents[2]
ROOT = PACKAGE.parents[1]
DATA = Path(os.environ.get("XIANDAO_DATA", ROOT / "var"))

DEBUG = False
# Where the demonstration people and figures may exist. Production settings forbid it (system check orgs.E001).
DEMO_MODE = False
SECRET_KEY = os.environ.get("XIANDAO_SECRET_KEY", "")
ALLOWED_HOSTS = os.environ.get("XIANDAO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "ninja",
    "django_tasks",
    "django_tasks_db",
    # The order is the order in which domains may import one another (design, section 3) and in which they load a pack.
    "xiandao.domains.audit",
    "xiandao.domains.orgs",
    "xiandao.domains.oversight",
    "xiandao.domains.files",
    "xiandao.domains.inbox",
    "xiandao.domains.plans",
    "xiandao.domains.industries",
    "xiandao.domains.enterprises",
    "xiandao.domains.labelling",
    "xiandao.domains.progress",
    "xiandao.domains.ledger",
    "xiandao.domains.programmes",
    "xiandao.web",
    # Behind the domains, so that their templates stand before allauth's.
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "xiandao.web.middleware.HoldableText",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "xiandao.domains.orgs.middleware.ViewerMiddleware",
    "xiandao.domains.orgs.middleware.SessionGuard",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "xiandao.config.urls"
WSGI_APPLICATION = "xiandao.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xiandao.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "xiandao.web.templatetags.xiandao",
                "xiandao.domains.orgs.templatetags.people",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.config(
        env="DATABASE_URL",
        default=f"sqlite:///{DATA / 'xiandao.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes the lock when it begins, so that two actions queue instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "orgs.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "xiandao.domains.orgs.backends.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "orgs:sign-in"
LOGIN_REDIRECT_URL = "web:home"

# Lock-out by account and address. How many failures and how long are pack data.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = "xiandao.domains.orgs.lockout.failure_limit"
AXES_COOLOFF_TIME = "xiandao.domains.orgs.lockout.cool_off"
AXES_LOCKOUT_CALLABLE = "xiandao.domains.orgs.lockout.locked_page"
AXES_CLIENT_IP_CALLABLE = "xiandao.domains.orgs.lockout.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # the audit log is ours
# How many proxies stand before the server; the address each of them saw is the last but so many of X-Forwarded-For.
PROXIES = int(os.environ.get("XIANDAO_PROXIES", "0"))

# allauth lends its second factors and its OpenID Connect client; pages and flow of signing in are ours.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "xiandao.domains.orgs.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Xiandao"
MFA_TOTP_TOLERANCE = 1  # clocks half a minute apart
SOCIALACCOUNT_ADAPTER = "xiandao.domains.orgs.single_sign_on.Adapter"
# A provincial single sign-on, where the environment names one.
OIDC_NAME = os.environ.get("XIANDAO_OIDC_NAME", "")
OIDC_ISSUER = os.environ.get("XIANDAO_OIDC_ISSUER", "")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC_NAME or OIDC_ISSUER,
                "client_id": os.environ.get("XIANDAO_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("XIANDAO_OIDC_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

STATIC_URL = "/static/"
# WhiteNoise serves the packages' own files: there is nothing to collect.
STATIC_ROOT = None
WHITENOISE_MAX_AGE = 600
MEDIA_ROOT = DATA / "files"
# The audit log's head is written here after each commit; an office puts it on another disk. "" for none.
AUDIT_ANCHOR = os.environ.get("XIANDAO_AUDIT_ANCHOR", str(DATA / "audit-anchor.jsonl"))
AUDIT_ARCHIVES = os.environ.get("XIANDAO_AUDIT_ARCHIVES", str(DATA / "audit-archives"))
# Whole registers as Parquet; only what was identified enters the database.
LAKE = os.environ.get("XIANDAO_LAKE", str(DATA / "lake"))
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        # Tabler's and ECharts' own elements carry style attributes; scripts never stand in a page.
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        # Signing in with the single sign-on is a form that ends at its address.
        "form-action": ["'self'", *(["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER))] if OIDC_ISSUER else [])],
        "frame-ancestors": ["'none'"],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# A policy text is pasted as one form field; files have caps of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "xiandao.domains.files.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o640
# Where the daily e-mail goes (see config/mail.py), whom it comes from, and the address people reach the product at.
globals().update(mail_settings(os.environ.get("XIANDAO_SMTP", ""), DATA))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("XIANDAO_MAIL_FROM", "xiandao@localhost")
SITE_URL = os.environ.get("XIANDAO_URL", "").rstrip("/")
# A virus scanner: a command called with the file's path (clamdscan --fdpass --no-summary), or a function's dotted path.
FILE_SCANNER = os.environ.get("XIANDAO_SCANNER", "")
DJANGO_TABLES2_TEMPLATE = "web/table.html"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# The pack the product runs with and the address of the map an office may put in its place.
PACK = os.environ.get("XIANDAO_PACK", "jiangsu_2024_2026")
PACK_DIRS = [PACKAGE / "packs"]
MAP_FILE = os.environ.get("XIANDAO_MAP", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "axes": {"level": "ERROR"},  # failed sign-ins stand in the audit log
    },
}

# What is remembered until the next write (domains/shared/remember.py): in each process by itself.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}}}
