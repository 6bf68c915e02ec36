"""The tests' settings and one app more, as a new release would have it."""

from prm.settings.test import *  # noqa: F403
from prm.settings.test import INSTALLED_APPS as _BEFORE
from prm.settings.test import TENANT_APPS as _TENANTS

TENANT_APPS = [*_TENANTS, "tests.tenants.rolling"]
INSTALLED_APPS = [*_BEFORE, "tests.tenants.rolling"]
