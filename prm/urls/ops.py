"""The operators' console: one reserved tenant with the same sign-in, second factor and audit."""

from django.conf import settings
from django.urls import include, path

from prm.urls.tenant import common, handler400, handler403, handler404, handler500
from reports.views.home import home
from tenants.views.demo import without_slash

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", home, name="home"),
    path("tenants/", include("tenants.urls.console")),
    *common,
]

if settings.DEMO:
    urlpatterns += [path("demo", without_slash), path("demo/", include("tenants.urls.demo"))]
