"""A vendor's portal."""

from django.conf import settings
from django.urls import include, path

from prm.links.views import action_link
from prm.portal.views import logo
from prm.receipts.views import verify_page
from reports.views.home import home
from tenants.views.demo import without_slash

handler400 = "prm.errors.bad_request"
handler403 = "prm.errors.forbidden"
handler404 = "prm.errors.not_found"
handler500 = "prm.errors.server_error"

common = [
    path("accounts/", include("users.urls.accounts")),
    path("", include("users.urls.pages")),
    path("settings/", include("prm.portal.urls")),
    path("settings/audit/", include("prm.events.urls")),
    path("logo/<str:name>", logo, name="logo"),
    path("settings/messages/", include("notifications.urls")),
    path("a/<str:token>/", action_link, name="action-link"),
    path("", include("prm.ui.urls")),
]

urlpatterns = [
    path("", home, name="home"),
    path("", include("registrations.urls")),
    path("", include("leads.urls")),
    path("manage/companies/", include("companies.urls")),
    path("", include("partners.urls")),
    path("verify/", verify_page, name="verify"),
    path("reports/", include("reports.urls")),
    path("settings/catalog/", include("catalog.urls")),
    path("settings/rules/", include("prm.rules.urls")),
    *common,
]

if settings.DEMO:
    urlpatterns += [path("demo", without_slash), path("demo/", include("tenants.urls.demo"))]
