"""All settings, in one file. What differs between places comes from the environment (config/environment.py)."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", "http://localhost" if DEBUG else None)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "template_partials",
    "csp",
    "compliance.tenancy",
    "compliance.trail",
    "compliance.people",
    "compliance.frameworks",
    "compliance.registers",
    "compliance.parties",
    "compliance.commitments",
    "compliance.ledger",
    "compliance.programmes",
    "compliance.boundary",
    "compliance.descriptions",
    "compliance.rounds",
    "compliance.scoping",
    "compliance.web",
    "compliance.web.imports",
    "controls",
    "controls.applicability",
    "controls.complements",
    "controls.crosswalk",
    "controls.reviews",
    "controls.saved_views",
    "evidence",
    "evidence.accessreviews",
    "evidence.assurance",
    "evidence.attesting",
    "evidence.populations",
    "evidence.collectors",
    "evidence.coverage",
    "evidence.judging",
    "evidence.log",
    "evidence.packs",
    "evidence.reading",
    "evidence.uploads",
    "evidence.requests",
    "gaps",
    "audits",
    "audits.readiness",
    "audits.reports",
    "config",
]
if env.flag("FIELDWORK_SAMPLE", default=DEBUG):
    INSTALLED_APPS.insert(-1, "sample")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "compliance.web.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "compliance.people.account_pages.AccountPagesMiddleware",
    "compliance.people.middleware.RoomMiddleware",
    "compliance.web.middleware.NulMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "compliance.people.context.navigation",
                "compliance.programmes.context.programmes",
            ],
            "builtins": ["compliance.web.templatetags.fieldwork"],
        },
    }
]

# --- Database: the app role serves, the owner role migrates (decisions, 12 to 15) ---------------------------------
_role = os.environ.get("FIELDWORK_DATABASE_ROLE", "app")
if _role not in {"app", "owner"}:
    raise ImproperlyConfigured("FIELDWORK_DATABASE_ROLE must be app or owner.")
OWNER_DATABASE = env.database(env.text("DATABASE_OWNER_URL")) if os.environ.get("DATABASE_OWNER_URL") else None
if _role == "owner":
    if OWNER_DATABASE is None:
        raise ImproperlyConfigured("DATABASE_OWNER_URL is not set: migrations run as the owner of the tables.")
    DATABASES = {"default": dict(OWNER_DATABASE)}
else:
    DATABASES = {"default": env.database(env.text("DATABASE_URL"))}
DATABASES["default"]["CONN_MAX_AGE"] = env.number("CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# --- Sign-in ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "compliance.people.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # a stolen session must not put its own address on an account, and reset the password by it
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "signup": "10/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Fieldwork"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not env.flag("HTTPS", default=not DEBUG)  # plain HTTP on this machine alone
MFA_ADAPTER = "compliance.people.adapter.MfaAdapter"
MFA_FORMS = {"login_webauthn": "compliance.people.keys.PasskeyForm"}
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_SAVE_EVERY_REQUEST = False
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
OPEN_SIGNUP = env.flag("OPEN_SIGNUP", default=True)

# --- Transport and page security ------------------------------------------------------------------------------------
_https = env.flag("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = _https and env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
#: How many proxies of ours write to X-Forwarded-For. Unless it is read, everybody behind one shares one allowance of sign-ins.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 1 if env.flag("BEHIND_PROXY") else 0)
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "compliance.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE], "script-src": [SELF], "style-src": [SELF], "font-src": [SELF],
        "img-src": [SELF, "data:"], "connect-src": [SELF], "form-action": [SELF], "base-uri": [NONE],
        "frame-ancestors": [NONE], "manifest-src": [SELF],
    }
}

# --- Pages and files ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
_bucket = os.environ.get("AWS_STORAGE_BUCKET_NAME", "")
EVIDENCE_ROOT = Path(env.text("EVIDENCE_ROOT", str(BASE_DIR / "var" / "evidence")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(EVIDENCE_ROOT)}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if _bucket:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket, "endpoint_url": os.environ.get("AWS_S3_ENDPOINT_URL") or None,
            "signature_version": "s3v4", "default_acl": None, "querystring_auth": True, "file_overwrite": False,
            "max_memory_size": 2 * 1024 * 1024,  # what is read beyond that waits on disk; 0 would hold it in memory
        },
    }
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_485_760
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
UPLOAD_MAX_BYTES = env.number("UPLOAD_MAX_BYTES", 50 * 1024 * 1024)
UPLOAD_IN_PARTS_MAX_BYTES = env.number("UPLOAD_IN_PARTS_MAX_BYTES", 500 * 1024 * 1024)
#: What one organisation may have under way at once, not yet handed in; and parts and uploads that it may send in an hour.
UPLOAD_QUOTA_BYTES = env.number("UPLOAD_QUOTA_BYTES", 5 * 1024 * 1024 * 1024)
UPLOAD_PARTS_PER_HOUR = env.number("UPLOAD_PARTS_PER_HOUR", 4_000)
#: ClamAV's daemon: `host:port`, or the path of its socket. Empty: nothing is scanned, and pages say so.
CLAMD = env.text("FIELDWORK_CLAMD", "")

# --- Mail -----------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    "django.core.mail.backends.console.EmailBackend" if DEBUG else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Fieldwork <fieldwork@localhost>")

# --- Secrets and vendors ----------------------------------------------------------------------------------------------
FIELDWORK_KEYS = env.text("FIELDWORK_KEYS")
AWS_PRINCIPAL = env.text("FIELDWORK_AWS_PRINCIPAL", "")
VENDOR_ENDPOINTS = env.mapping("FIELDWORK_VENDOR_ENDPOINTS")
if VENDOR_ENDPOINTS and not DEBUG and not env.flag("FIELDWORK_ALLOW_VENDOR_ENDPOINTS"):
    raise ImproperlyConfigured(
        "FIELDWORK_VENDOR_ENDPOINTS sends credentials to other hosts than the vendors'. "
        "It is refused when DEBUG is off, unless FIELDWORK_ALLOW_VENDOR_ENDPOINTS is true."
    )

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["compliance.people.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["compliance.access.drf.ScopePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "compliance.web.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["compliance.web.throttling.TokenThrottle"],
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "DEFAULT_THROTTLE_RATES": {"token": env.text("API_RATE", "1200/min")},
    "EXCEPTION_HANDLER": "compliance.web.problems.handler",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Fieldwork",
    "DESCRIPTION": "Everything that the pages can do with evidence, controls, gaps and audits, for programs.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["compliance.web.api_schema.describe_problems"],
}

CELERY_TASK_ALWAYS_EAGER = env.flag("CELERY_TASK_ALWAYS_EAGER")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "pythonjsonlogger.json.JsonFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", **({} if DEBUG else {"formatter": "json"})}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING" if DEBUG else "INFO")},
}
APP_ROLE = env.database(os.environ["DATABASE_URL"])["USER"] if os.environ.get("DATABASE_URL") else "fieldwork_app"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # emails are unique by a constraint on their lower case (decision 15)
