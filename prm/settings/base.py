"""Settings of the portal. Production is what you read here; dev, test and prod add a few lines."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from prm.settings import env, urls

BASE_DIR = Path(__file__).resolve().parents[2]
LOCAL_DIR = env.folder("PRM_LOCAL_DIR", BASE_DIR / ".local")

SECRET_KEY = env.text("PRM_SECRET_KEY", "")
DEBUG = False
DEMO = env.flag("PRM_DEMO")  # personas, clock bar and mailbox; see docs/threat-model.md
DEMO_OPEN = env.flag(
    "PRM_DEMO_OPEN"
)  # a demo for others than this machine; see docs/threat-model.md
PORT = env.number("PORT", 8000)
BIND = env.text("PRM_BIND", "127.0.0.1")
METRICS_TOKEN = env.text("PRM_METRICS_TOKEN", "")  # without one there is no /metrics
BASE_DOMAIN = env.text("PRM_BASE_DOMAIN", "localhost")
ALLOWED_HOSTS = [
    "*"
]  # the tenancy middleware is the authority: a host without a tenant gets nothing
USE_X_FORWARDED_HOST = False

# --- tenancy -------------------------------------------------------------------------------------
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
SHARED_APPS = [
    "django_tenants",  # first: it replaces migrate commands
    "django.contrib.staticfiles",  # no tables; commands and finders
    "django.contrib.postgres",  # no tables; field look-ups
    "prm.installation",  # extensions, demo clock, heartbeat: one per installation
    "tenants",  # tenants and domains
]
TENANT_APPS = [
    "django.contrib.contenttypes",  # wanted by auth
    "django.contrib.auth",  # wanted by allauth; its groups and permissions stay unused
    "django.contrib.sessions",  # a session of one vendor means nothing at another
    "django.contrib.messages",  # no tables
    "users",  # before allauth: its templates and models win
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "prm",  # kernel: events, due rows, links, rules, portal settings
    "catalog",
    "notifications",
    "partners",
    "companies",
    "registrations",
    "leads",
    "reports",  # no tables; home pages and reports
]
TOOL_APPS = [
    "crispy_forms",
    "crispy_bootstrap5",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "django.forms",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS, *TOOL_APPS]
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
ROOT_URLCONF = "prm.urls.tenant"
PUBLIC_SCHEMA_URLCONF = "prm.urls.public"
OPS_URLCONF = "prm.urls.ops"
OPS_SCHEMA = "ops"
TENANT_LIMIT_SET_CALLS = True  # the schema is named when it changes and after every rollback

DATABASES = {
    "default": {
        **urls.database(env.text("DATABASE_URL", "postgresql://prm:prm@127.0.0.1:5432/prm")),
        "CONN_MAX_AGE": 60,  # bounds the catalogue memory of one connection that sees many tenants
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "prm.tenancy.cache.make_key",
        "KEY_PREFIX": "prm",
    }
}

# --- request path --------------------------------------------------------------------------------
MIDDLEWARE = [
    "prm.health.HealthMiddleware",  # answers /livez and /readyz on any host
    "prm.metrics.middleware.MetricsMiddleware",  # counts, and answers /metrics to who has the token
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",  # before tenancy, which answers the public host itself
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "prm.tenancy.middleware.TenancyMiddleware",  # host -> schema, before anything reads the database
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "users.acting.ActingMiddleware",  # staff who act for a partner's person are that person here
    "users.middleware.PreferencesMiddleware",  # language, zone
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "prm.ui.middleware.EmptyAnswersMiddleware",  # a page where Django answers nothing
    "prm.access.AccessMiddleware",  # every URL declares who may reach it
    "users.middleware.StaffMfaMiddleware",  # second factor where the tenant asks for it
]
WSGI_APPLICATION = "prm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "prm.ui.context.frame",
                "tenants.context.demo",
            ],
            "builtins": ["django_cotton.templatetags.cotton", "prm.ui.templatetags.ui"],
        },
    }
]
COTTON_DIR = "components"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["users.backends.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "users.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "users.adapters.display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by an invitation, which proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "users.forms.SignInForm",
    "reset_password": "users.forms.ForgottenForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "users.tokens.ResetTokens"  # noqa: S105 - a class
ACCOUNT_RATE_LIMITS = {  # per tenant; wide per peer, because a whole company may sit behind one
    "login": "300/m/ip",
    "login_failed": "100/m/ip,5/5m/key",  # key: address and peer
    "login_failed_address": "100/h/key",  # key: address, from anywhere
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PRM_TRUSTED_PROXIES", 0)
MFA_ADAPTER = "users.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # every address is proven by its invitation

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
MESSAGE_STORAGE = "prm.ui.messages.TenantStorage"  # its cookie is signed for one tenant
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "prm.errors.csrf_failure"

# --- headers -------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- words, time, files --------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("PRM_STATIC_ROOT", LOCAL_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
PRM_MEDIA_ROOT = env.folder("PRM_MEDIA_ROOT", LOCAL_DIR / "media")
MEDIA_ROOT = PRM_MEDIA_ROOT

# --- mail ----------------------------------------------------------------------------------------
EMAIL_BACKEND = (
    "notifications.smtp.SmtpBackend"  # knows whether a message had left when a connection broke
)
EMAIL_TIMEOUT = 20  # seconds; the lease of a message being sent is longer
DEFAULT_FROM_EMAIL = env.text("PRM_FROM_EMAIL", "portal@localhost")
PRM_MAIL_CAPTURE_DIR = env.folder("PRM_MAIL_CAPTURE_DIR", LOCAL_DIR / "mail")
if DEMO:  # the demo can only capture
    EMAIL_BACKEND = "notifications.capture.CaptureBackend"
elif email_url := env.text("EMAIL_URL", ""):
    globals().update(urls.email(email_url))

# --- jobs ----------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1_000
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 25
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {  # a doorbell only: each entry asks the database what is due
    "heartbeat": {"task": "prm.installation.tasks.heartbeat", "schedule": 20.0},
    "due": {"task": "prm.due.tasks.tick", "schedule": 20.0},
    "messages": {"task": "notifications.tasks.tick", "schedule": 20.0},
    "portals": {"task": "tenants.tasks.tick", "schedule": 20.0},
    "schemas": {"task": "tenants.tasks.compare_schemas", "schedule": 3600.0},
    "seal": {"task": "prm.events.tasks.seal", "schedule": 4.0},
}

LOGGING_CONFIG = "prm.logs.configure"
LOGGING = {"json": env.flag("PRM_LOG_JSON"), "level": env.text("PRM_LOG_LEVEL", "INFO")}
