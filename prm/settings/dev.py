"""`make run`: plain HTTP on this machine, demo if asked."""

import os

os.environ.setdefault("PRM_SECRET_KEY", "development-only-not-a-secret-0123456789-abcdefghij")

from prm.settings.base import *  # noqa: F403 - after the environment is complete
