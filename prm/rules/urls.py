"""Pages of the rules, under /settings/rules/."""

from django.urls import path

from prm.rules.views import drafts, reading, versions

app_name = "rules"
urlpatterns = [
    path("", reading.index, name="list"),
    path("<slug:kind>/", reading.detail, name="kind"),
    path("<slug:kind>/explain/", reading.explain, name="explain"),
    path("<slug:kind>/v<int:number>/", reading.version, name="version"),
    path("<slug:kind>/v<int:number>/again/", versions.again, name="again"),
    path("<slug:kind>/v<int:number>/withdraw/", versions.withdraw, name="withdraw"),
    path("<slug:kind>/draft/", drafts.draft, name="draft"),
    path("<slug:kind>/draft/add/", drafts.add, name="add"),
    path("<slug:kind>/draft/defaults/", drafts.defaults, name="defaults"),
    path("<slug:kind>/draft/publish/", drafts.publish, name="publish"),
    path("<slug:kind>/draft/discard/", drafts.discard, name="discard"),
    path("<slug:kind>/draft/rules/<str:code>/", drafts.rule, name="rule"),
    path("<slug:kind>/draft/rules/<str:code>/move/", drafts.move, name="move"),
    path("<slug:kind>/draft/rules/<str:code>/remove/", drafts.remove, name="remove"),
]
