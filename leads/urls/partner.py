"""What a partner is offered; mounted at /leads/. The references are those of offers."""

from django.urls import path

from leads.views import partner

urlpatterns = [
    path("", partner.offers, name="list"),
    path("<str:reference>/", partner.detail, name="offer"),
    path("<str:reference>/accept/", partner.accept, name="accept"),
    path("<str:reference>/decline/", partner.decline, name="decline"),
    path("<str:reference>/contacted/", partner.contacted, name="contacted"),
    path("<str:reference>/deal/", partner.deal, name="deal"),
    path("<str:reference>/lost/", partner.lost, name="lost"),
]
