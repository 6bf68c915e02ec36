"""The settings of the benchmarks and one app more."""

from prm.settings.dev import *  # noqa: F403
from prm.settings.dev import INSTALLED_APPS as _BEFORE
from prm.settings.dev import TENANT_APPS as _TENANTS

TENANT_APPS = [*_TENANTS, "benchmarks.release"]
INSTALLED_APPS = [*_BEFORE, "benchmarks.release"]
