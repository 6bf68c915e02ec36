"""The operators' URLs as they are in a demo."""

from django.urls import include, path

from prm.urls import ops

handler400, handler403 = ops.handler400, ops.handler403
handler404, handler500 = ops.handler404, ops.handler500
urlpatterns = [*ops.urlpatterns, path("demo/", include("tenants.urls.demo"))]
