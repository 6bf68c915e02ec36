from django.urls import path

from companies.views import duplicates, facts, family, lists, manage, pairs, splits, tuning

app_name = "companies"
urlpatterns = [
    path("", manage.index, name="list"),
    path("add/", manage.add, name="add"),
    path("matching/", tuning.settings, name="tuning"),
    path("matching/<uuid:uid>/restore/", tuning.restore, name="tuning-restore"),
    path("duplicates/", duplicates.index, name="duplicates"),
    path("duplicates/search/", duplicates.start, name="duplicates-start"),
    path("duplicates/stop/", duplicates.stop, name="duplicates-stop"),
    path("lists/", lists.index, name="lists"),
    path("lists/<uuid:uid>/", lists.detail, name="one-list"),
    path("lists/<uuid:uid>/columns/", lists.columns, name="list-columns"),
    path("lists/<uuid:uid>/load/", lists.load, name="list-load"),
    path("lists/<uuid:uid>/discard/", lists.discard, name="list-discard"),
    path("lists/<uuid:uid>/undo/", lists.undo, name="list-undo"),
    path("lists/<uuid:uid>/report/", lists.report, name="list-report"),
    path("<uuid:uid>/", manage.detail, name="detail"),
    path("<uuid:uid>/edit/", manage.edit, name="edit"),
    path("<uuid:uid>/designation/", manage.designation, name="designation"),
    path("<uuid:uid>/names/", manage.names, name="names"),
    path("<uuid:uid>/domains/", manage.domains, name="domains"),
    path("<uuid:uid>/numbers/", facts.numbers, name="numbers"),
    path("<uuid:uid>/sites/", facts.sites, name="sites"),
    path("<uuid:uid>/ids/", facts.external_ids, name="external-ids"),
    path("<uuid:uid>/industry/", facts.industry, name="industry"),
    path("<uuid:uid>/remove/", facts.remove, name="remove-fact"),
    path("<uuid:uid>/others/", family.others, name="others"),
    path("<uuid:uid>/parent/", family.parent, name="parent"),
    path("<uuid:uid>/confirm/", pairs.confirm, name="confirm"),
    path("<uuid:uid>/beside/<uuid:other>/", pairs.beside, name="beside"),
    path("<uuid:uid>/merge/<uuid:other>/", pairs.merge, name="merge"),
    path("<uuid:uid>/verdict/<uuid:other>/", pairs.verdict, name="verdict"),
    path("<uuid:uid>/unmerge/<uuid:merge>/", pairs.unmerge, name="unmerge"),
    path("<uuid:uid>/split/", splits.split, name="split"),
]
