"""Settings of the site, from the environment; without any, a site for one machine under `var/`."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from shuniu.config.databases import database_from
from shuniu.config.mail import mail_from

PACKAGE = Path(__file__).resolve().parents[1]


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


SHUNIU_DATA = Path(os.environ.get("SHUNIU_DATA", "var")).resolve()
"""Where everything lives that is not code: the embedded database, uploads, logs."""
SHUNIU_KEYS = Path(os.environ.get("SHUNIU_KEYS", SHUNIU_DATA.parent / f".{SHUNIU_DATA.name}-keys")).resolve()
"""Where the keys live: beside the data, never inside it, so that a copy of the data opens nothing."""
SHUNIU_KEYRING = SHUNIU_KEYS / "vault.json"
SHUNIU_DEMO = _flag("SHUNIU_DEMO")
SHUNIU_CALENDAR_DIR = os.environ.get("SHUNIU_CALENDAR_DIR", str(SHUNIU_DATA / "calendar"))
SHUNIU_NODE_MODULES = Path(os.environ.get("SHUNIU_NODE_MODULES", PACKAGE.parents[1] / "node_modules"))

DEBUG = _flag("SHUNIU_DEBUG")
SECRET_KEY = _secret(SHUNIU_KEYS / "django.key")
ALLOWED_HOSTS = os.environ.get("SHUNIU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("SHUNIU_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "shuniu.kernel",
    "shuniu.rulebook",
    "shuniu.registry",
    "shuniu.accounts",
    "shuniu.voice",
    "shuniu.hub",
    "shuniu.desk",
    "shuniu.portal",
    "shuniu.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shuniu.kernel.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shuniu.kernel.web.middleware.NowMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shuniu.accounts.web.middleware.SessionLimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shuniu.accounts.web.middleware.ActorMiddleware",
    "shuniu.kernel.web.middleware.SafeMethodsDontWrite",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shuniu.config.urls"
WSGI_APPLICATION = "shuniu.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "shuniu.kernel.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "shuniu.kernel.templatetags.shuniu",
            ],
        },
    }
]
FORM_RENDERER = "shuniu.kernel.web.drawing.Renderer"

DATABASES = {"default": database_from(os.environ.get("SHUNIU_DATABASE", f"sqlite:///{SHUNIU_DATA / 'shuniu.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    SHUNIU_DATA.mkdir(parents=True, exist_ok=True)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = SHUNIU_DATA / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "shuniu.kernel.finders.PackageFilesFinder",
]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "jpg", "gif", "zip", "gz", "br", "woff", "woff2", "map")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": SHUNIU_DATA / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTH_USER_MODEL = "accounts.User"
CSRF_FAILURE_VIEW = "shuniu.portal.web.errors.csrf_failure"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:home"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "shuniu.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "mobile")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_USERNAME_CALLABLE = "shuniu.accounts.web.lockout.counting_key"
AXES_CLIENT_IP_CALLABLE = "shuniu.kernel.web.visitors.source_of"
AXES_RESET_ON_SUCCESS = False  # it would forget what was tried at other accounts from the same place
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else nobody who is attacked ever gets in again
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True  # the trail keeps sign-ins
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "new_password", "new_password_again"]  # never stored
AXES_LOCKOUT_CALLABLE = "shuniu.accounts.web.views_session.locked_out"
AXES_VERBOSE = False

SHUNIU_PROXIES = int(os.environ.get("SHUNIU_PROXIES", "0"))
"""How many proxies of ours stand in front and add to X-Forwarded-For; 0: the address of the connection is the visitor's."""
SHUNIU_OCID_PREFIX = os.environ.get("SHUNIU_OCID_PREFIX", "ocds-000000")
"""What the ids of published tenders begin with; each publisher registers one of its own."""
SHUNIU_SECOND_FACTOR = not SHUNIU_DEMO
"""Whether roles that can export or see unmasked data must have a second factor."""

SESSION_ENGINE = "shuniu.kernel.web.sessions"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SHUNIU_HTTPS = _flag("SHUNIU_HTTPS")
"""Whether the site is reached by HTTPS only, as in production behind a proxy that sets X-Forwarded-Proto."""
if SHUNIU_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
MAIL = mail_from(os.environ.get("SHUNIU_MAIL", "file:" if SHUNIU_DEMO else ""))
SHUNIU_MAIL_WAY = MAIL.way
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.host, MAIL.port, MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starts_tls, MAIL.is_tls
DEFAULT_FROM_EMAIL = os.environ.get("SHUNIU_MAIL_FROM", "shuniu@localhost")
SHUNIU_SITE = CSRF_TRUSTED_ORIGINS[0].rstrip("/") if CSRF_TRUSTED_ORIGINS else ""
"""The address of the site as others see it, for links in mails; empty where no origin was set."""
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SHUNIU_LOG", "WARNING")},
    "loggers": {"axes": {"level": "ERROR"}},  # the trail keeps failed sign-ins, and says more
}
