"""The installation's own host: nobody logs in here."""

from django.urls import path

from tenants.views import public

urlpatterns = [
    path("", public.index, name="index"),
    path("demo/", public.demo, name="demo"),
    path("demo", public.demo_without_slash, name="demo-without-slash"),
]
