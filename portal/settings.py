"""All settings, read top to bottom; the environment is read here and nowhere else.

Every variable is optional and listed in docs/despliegue.md. A wrong value is reported by a system
check (portal/checks.py) with what to do about it.
"""

from datetime import timedelta
from os import cpu_count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from portal.file_permissions import restrict_permissions
from portal.secret_key import read_or_create_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

# --- Where the site stands -----------------------------------------------------------------------
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
SITE_IS_HTTPS = SITE_URL.startswith("https://")
SITE_IS_LOCAL = SITE_HOST in {"127.0.0.1", "localhost", "::1"}
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var"))).resolve()  # the state of a running site
try:
    restrict_permissions(VAR_DIR, for_group=bool(env.str("MEDIA_ACCEL_REDIRECT", "")))
    TEMP_DIR = VAR_DIR / "tmp"
    TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
    _stored_secret = env.str("SECRET_KEY", "") or read_or_create_secret(VAR_DIR / "secret-key")
except OSError as error:
    raise ImproperlyConfigured(
        f"No se puede escribir en {VAR_DIR} ({error.strerror}). Dé permiso de escritura o indique otra carpeta con VAR_DIR."
    ) from error
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = _stored_secret
ALLOWED_HOSTS = [
    SITE_HOST,
    *env.list("ALLOWED_HOSTS", []),
    *(["127.0.0.1", "localhost", "[::1]"] if SITE_IS_LOCAL or DEBUG else []),
]

# --- What it is made of --------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "participation",
    "maintenance",
    "reading",
    "backups",
    "tables",
    "resources",
    "search",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "whitenoise.runserver_nostatic",
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",  # the templates of form fields
]
MIDDLEWARE = [
    "portal.middleware.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.response_headers.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.view_counts.ViewCountMiddleware",
    "resources.current_site.CurrentSiteMiddleware",
    "portal.middleware.response_headers.CompressTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.response_headers.SlashMiddleware",
    "portal.middleware.request_bodies.RequestBodyMiddleware",  # before anything reads a body
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "resources.current_site.ComposedQueryMiddleware",
    "portal.middleware.outages.OutageMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "resources.current_site.site",
            ],
        },
    },
]
FORM_RENDERER = (
    "django.forms.renderers.TemplatesSetting"  # the desk's fields have templates of their own
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- How it is served ----------------------------------------------------------------------------
PROCESSES = min(max(cpu_count() or 2, 2), 8)  # as many as cores: a page is all processor time
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", PROCESSES)
WEB_THREADS = env.int("WEB_THREADS", 8)  # threads in each; every one keeps a database connection
CLIENT_TIMEOUT = env.float("CLIENT_TIMEOUT", 20)  # seconds; portal/client_sockets.py adds to them
TRUSTED_PROXIES = env.list("FORWARDED_ALLOW_IPS", ["127.0.0.1", "::1"])  # gunicorn's own variable
WEB_BIND = env.str("WEB_BIND", f"127.0.0.1:{PORT}")
EMBEDDED_WORKER = env.bool(
    "EMBEDDED_WORKER", True
)  # False where db_worker runs as a service of its own

# --- Database, cache, tasks ----------------------------------------------------------------------
LOCK_TIMEOUT = 20  # seconds that a save waits for another
DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASE_POOLED = env.bool("DATABASE_POOLED", False)
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A pooler that hands one connection to many would lose what belongs to one: cursors, planned statements.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_POOLED
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "prepare_threshold",
        None if DATABASE_POOLED else 2,  # of search/backends/prepared.py
    )
    if (
        not DATABASE_POOLED
    ):  # a pooler refuses it; elsewhere a save comes back after it, as with SQLite
        DATABASES["default"]["OPTIONS"].setdefault(
            "options", f"-c lock_timeout={LOCK_TIMEOUT * 1000}"
        )
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {
        "NAME": VAR_DIR / "test.sqlite3"
    }  # in memory, threads lock each other out
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits at its start, never fails half-way
        "timeout": LOCK_TIMEOUT,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
REDIS_URL = env.str("REDIS_URL", "")  # without it each process keeps its own cache
CACHES = {  # the counts of throttling; pages and results stay in each process
    "default": {"BACKEND": "portal.redis_cache.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
SEARCH_SOURCE = "resources.search_source.ResourceSource"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Files ---------------------------------------------------------------------------------------
# `default` is private: its files leave only through a view that asks for permission first.
# `pictures` holds covers and their renditions, under names that cannot be guessed.
MEDIA_ROOT = VAR_DIR / "files"
PICTURES_ROOT = VAR_DIR / "pictures"
PICTURES_URL = "/imagenes/"
EXPORTS_ROOT = VAR_DIR / "exports"  # the catalogue in one file: made again whenever it is not there
STATIC_URL = "/static/"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nothing names the others
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "pictures": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PICTURES_ROOT, "base_url": PICTURES_URL},
    },
    "staticfiles": {"BACKEND": "portal.static_files.StaticFiles"},
}
S3_BUCKET = env.str(
    "S3_BUCKET", ""
)  # any S3-compatible storage; keys by AWS_ACCESS_KEY_ID and the like
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", "") or None
S3_REGION = env.str("S3_REGION", "") or None
if S3_BUCKET:
    _s3 = {
        "bucket_name": S3_BUCKET,
        "endpoint_url": S3_ENDPOINT_URL,
        "region_name": S3_REGION,
    }
    STORAGES |= {
        "default": {"BACKEND": "portal.s3_storage.S3Files", "OPTIONS": _s3},
        "pictures": {"BACKEND": "portal.s3_storage.S3Pictures", "OPTIONS": _s3},
    }
MEDIA_ACCEL_REDIRECT = env.str(
    "MEDIA_ACCEL_REDIRECT", ""
)  # nginx's internal location of MEDIA_ROOT: /protegido/
# With it nginx reads the files as one of the owner's group (docs/despliegue.md).
FILE_UPLOAD_PERMISSIONS = 0o640 if MEDIA_ACCEL_REDIRECT else 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750 if MEDIA_ACCEL_REDIRECT else 0o700
CLAMD_SOCKET = env.str("CLAMD_SOCKET", "")  # a Unix socket's path or host:port
FIXTURES_ROOT = BASE_DIR / "fixtures"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.TemporaryFileUploadHandler"
]  # inspection wants a path
FILE_UPLOAD_TEMP_DIR = TEMP_DIR
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_MB", 100) * 1_000_000
FILES_AT_ONCE = 10  # of the greatest size, in one sending of a form that takes several
FORM_BYTES = 1_000_000  # of an editor's form beside its files
VISITOR_BODY_BYTES = 64 * 1024  # of any request of a visitor, except for a copy to verify
PACK_MAX_BYTES = env.int("PACK_MAX_MB", 2000) * 1_000_000  # a larger section offers no ZIP
# Without JavaScript the copy to verify is uploaded, hashed and forgotten.
VERIFY_MAX_BYTES = env.int("VERIFY_MAX_MB", 50) * 1_000_000
VERIFY_UPLOADS_PER_HOUR = env.int("VERIFY_UPLOADS_PER_HOUR", 20)  # from one address

# --- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "es"
TIME_ZONE = "America/Guayaquil"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]  # a few sentences of the admin, in better Spanish
TAGGIT_CASE_INSENSITIVE = True

# --- Editors -------------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # where the page that was asked for is not of this site
EMAIL_IS_CONFIGURED = bool(env.str("EMAIL_URL", ""))
_email = env.dj_email_url("EMAIL_URL", "console:")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"recursos@{SITE_HOST or 'localhost'}")

# --- Security ------------------------------------------------------------------------------------
# gunicorn reads X-Forwarded-Proto, and only from the proxies it trusts (FORWARDED_ALLOW_IPS).
SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SITE_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE_IS_HTTPS and env.bool("HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = SITE_IS_HTTPS and env.bool("HSTS_PRELOAD", False)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_NAME = "__Host-sesion" if SITE_IS_HTTPS else "sesion"
SESSION_COOKIE_SECURE = SITE_IS_HTTPS
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
CSRF_COOKIE_NAME = "__Host-csrf" if SITE_IS_HTTPS else "csrf"
CSRF_COOKIE_SECURE = SITE_IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-src": ["https://www.youtube-nocookie.com"],  # and only once a visitor asks for it
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-reportes"],
        **({"upgrade-insecure-requests": True} if SITE_IS_HTTPS else {}),
    }
}
# W021: preloading binds the whole domain for years; a public body decides that with HSTS_PRELOAD.
# W008 and the like stay: they name a site that is served over plain http on purpose.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# --- Requests and reports of the public ----------------------------------------------------------
REQUEST_WORKING_DAYS = env.int("REQUEST_WORKING_DAYS", 10)  # until an accessible format is answered
REPORT_WORKING_DAYS = env.int("REPORT_WORKING_DAYS", 5)
HOLIDAYS: list[str] = env.list("HOLIDAYS", [])  # days on which nobody works: 2027-01-01,2027-02-08
TICKETS_PER_DAY = env.int("TICKETS_PER_DAY", 10)  # from one connection
TICKET_DAYS_KEPT = env.int("TICKET_DAYS_KEPT", 365)  # then what people wrote is erased

# --- The site's care for itself ------------------------------------------------------------------
VERIFICATION_VALID_DAYS = env.int(
    "VERIFICATION_VALID_DAYS", 365
)  # of a law without a date of review
LINK_CHECK_DAYS = env.int("LINK_CHECK_DAYS", 7)  # between two visits to a linked page; 0: none

# --- Backups ---------------------------------------------------------------------------------------
BACKUP_TO = env.str("BACKUP_TO", "") or str(VAR_DIR / "respaldos")  # or s3://…; "no": none by night
BACKUP_KEY_FILE = env.str("BACKUP_KEY_FILE", "")  # without it they are not encrypted
BACKUP_HOUR = env.int("BACKUP_HOUR", 3)  # of the night, in TIME_ZONE

# --- The pages -----------------------------------------------------------------------------------
CARDS_PER_SECTION = 12  # on the home page
RESULTS_PER_PAGE = 20
HITS_PER_PAGE = 10  # results with their passages: on a phone two fill the screen

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {  # 503 is said on purpose ("paquete en preparación"): nobody need be woken
        "unplanned": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(record, "status_code", 500) != 503,
        },
        "one_line": {  # anybody can send a wrong Host: a trace each would fill the log
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: not record.__dict__.update(exc_info=None),
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["unplanned"]},
        "django.security.DisallowedHost": {"filters": ["one_line"]},
    },
}
