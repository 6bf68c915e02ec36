"""The test suite: fast hashing, mail in memory, tasks called by hand."""

import os
import tempfile

os.environ.setdefault("PRM_SECRET_KEY", "test-only-not-a-secret-0123456789-abcdefghijklmnop")
os.environ.setdefault("PRM_LOCAL_DIR", tempfile.mkdtemp(prefix="prm-test-"))

from prm.settings.base import *  # noqa: F403 - after the environment is complete

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_TASK_ALWAYS_EAGER = False
LOGGING = {"level": "WARNING"}
# allauth knows False as no limits at all; an empty dict would mean its defaults.
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
