"""A portal's URLs with the demo's, as they are when the flag is set."""

from django.urls import include, path

from prm.urls import tenant

handler400, handler403 = tenant.handler400, tenant.handler403
handler404, handler500 = tenant.handler404, tenant.handler500
urlpatterns = [*tenant.urlpatterns, path("demo/", include("tenants.urls.demo"))]
