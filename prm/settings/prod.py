"""Behind TLS: secure cookies with __Host- names, HSTS, no demo."""

from django.core.exceptions import ImproperlyConfigured

from prm.settings.base import *  # noqa: F403
from prm.settings.base import DEMO, LOGGING, SECRET_KEY

if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("Set PRM_SECRET_KEY to at least 50 random characters.")
if DEMO:
    raise ImproperlyConfigured("PRM_DEMO has no place in production settings.")

LOGGING = {**LOGGING, "json": True}
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
