"""The vendor's agreements, under /manage/agreements/."""

from django.urls import path

from partners.views import agreements

ONE = "<str:reference>/"
VERSION = f"{ONE}versions/<int:number>/"

urlpatterns = [
    path("", agreements.index, name="agreements"),
    path("add/", agreements.add, name="agreement-add"),
    path(ONE, agreements.detail, name="agreement"),
    path(f"{ONE}rename/", agreements.rename, name="agreement-rename"),
    path(f"{ONE}draft/", agreements.draft, name="agreement-draft"),
    path(f"{ONE}draft/preview/", agreements.preview, name="agreement-preview"),
    path(f"{ONE}draft/discard/", agreements.discard, name="agreement-discard"),
    path(f"{ONE}retire/", agreements.retire, name="agreement-retire"),
    path(f"{ONE}restore/", agreements.restore, name="agreement-restore"),
    path(VERSION, agreements.version, name="agreement-version"),
    path(f"{VERSION}partners/", agreements.coverage, name="agreement-coverage"),
]
