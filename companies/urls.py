from django.urls import path

from companies.views import manage, pairs, tuning

app_name = "companies"
urlpatterns = [
    path("", manage.index, name="list"),
    path("add/", manage.add, name="add"),
    path("matching/", tuning.settings, name="tuning"),
    path("matching/<uuid:uid>/restore/", tuning.restore, name="tuning-restore"),
    path("<uuid:uid>/", manage.detail, name="detail"),
    path("<uuid:uid>/edit/", manage.edit, name="edit"),
    path("<uuid:uid>/designation/", manage.designation, name="designation"),
    path("<uuid:uid>/names/", manage.names, name="names"),
    path("<uuid:uid>/domains/", manage.domains, name="domains"),
    path("<uuid:uid>/confirm/", pairs.confirm, name="confirm"),
    path("<uuid:uid>/merge/<uuid:other>/", pairs.merge, name="merge"),
    path("<uuid:uid>/verdict/<uuid:other>/", pairs.verdict, name="verdict"),
]
