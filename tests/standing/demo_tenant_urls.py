"""A portal's URLs as they are in a demo."""

from django.urls import include, path

from prm.urls import tenant

handler400, handler403 = tenant.handler400, tenant.handler403
handler404, handler500 = tenant.handler404, tenant.handler500
urlpatterns = [*tenant.urlpatterns, path("demo/", include("tenants.urls.demo"))]
