"""Reports for the vendor's staff, under /reports/. The home page is at / itself."""

from django.urls import path

from reports.views import companies

app_name = "reports"

urlpatterns = [path("companies/", companies.open_by_company, name="open-by-company")]
