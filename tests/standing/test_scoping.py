"""Every model is either scoped to whom may know its rows, or it is written down why it need not be."""

import inspect

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from partners.models import Partner
from prm.tenancy import context
from tests.standing.sides import EVERY, READERS
from users.models import User

SCOPED = {
    "users.User", "users.Invitation", "users.SavedView", "partners.Partner", "companies.Company",
    "companies.CompanyLoad", "companies.DuplicatePair",
    "registrations.Registration", "registrations.AvailabilityCheck", "notifications.Message",
    "partners.Agreement", "partners.AgreementVersion", "partners.Acceptance",
    "leads.Lead", "leads.Offer",
    "registrations.RegistrationImport",
}  # fmt: skip
# Rows of these are reached through the row named: whoever may know that, may know them.
THROUGH = {
    "users.VendorRole": "users.User",
    "partners.Membership": "partners.Partner",
    "partners.Contact": "partners.Partner",
    "partners.PartnerHours": "partners.Partner",
    "companies.CompanyName": "companies.Company",
    "companies.CompanyDomain": "companies.Company",
    "companies.NameVerdict": "companies.Company",
    "companies.CompanyNumber": "companies.Company",
    "companies.CompanySite": "companies.Company",
    "companies.ExternalId": "companies.Company",
    "companies.CompanyMerge": "companies.Company",
    "companies.LoadRow": "companies.CompanyLoad",
    "registrations.RegistrationImportRow": "registrations.RegistrationImport",
    "companies.DuplicateScan": "companies.DuplicatePair",
    "registrations.RegistrationConflict": "registrations.Registration",
    "registrations.Protection": "registrations.Registration",
    "registrations.ProtectionHolder": "registrations.Registration",
    "registrations.Touch": "registrations.Registration",
    "registrations.Decision": "registrations.Registration",
    "registrations.ReviewerAbsence": "users.User",
    "registrations.Extension": "registrations.Registration",
    "registrations.Message": "registrations.Registration",
    "registrations.EvidenceFile": "registrations.Registration",
    "notifications.Notice": "notifications.Message",
    "leads.Distribution": "leads.Lead",
    "leads.Candidate": "leads.Lead",
    "leads.Turn": "partners.Partner",
}
EVERYBODYS = {  # the whole portal's: what everybody in it may choose from, or see of it
    "catalog.ProductLine", "catalog.Territory", "catalog.Industry", "catalog.Skill", "catalog.Tier",
    "partners.ProfileRule", "prm.PortalSettings", "prm.OpeningHours", "prm.Closure",
    "registrations.AvailabilityPolicy", "prm.ExchangeRate",
}  # fmt: skip
MACHINERY = {  # no page lists them: they are read by key, by task or by readers of the whole ledger
    "prm.Event", "prm.EventDetail", "prm.PendingSeal", "prm.Seal", "prm.DueRow", "prm.ActionLink",
    "prm.RuleVersion", "prm.RuleWithdrawal", "prm.RuleDraft", "companies.KeyCount",
    "companies.CompanyWord", "companies.MatchTuning", "companies.NormaliserState",
    "notifications.Relay", "registrations.SubmissionCounter",
}  # fmt: skip
PACKAGES = {"contenttypes", "auth", "sessions", "account", "mfa"}


def _ours() -> list[type[models.Model]]:
    labels = {apps.get_app_config(name.rpartition(".")[2]).label
              for name in settings.TENANT_APPS if not name.startswith("django.contrib.messages")}  # fmt: skip
    every = [model for model in apps.get_models() if model._meta.app_label in labels - PACKAGES]
    return [model for model in every if not model._meta.auto_created]


def _label(model: type[models.Model]) -> str:
    return model._meta.label


def _is_scoped(model: type[models.Model]) -> bool:
    return hasattr(model._default_manager.get_queryset(), "visible_to")


def test_every_model_is_in_one_of_the_lists():
    lists = [SCOPED, set(THROUGH), EVERYBODYS, MACHINERY]
    listed = [label for each in lists for label in each]
    assert sorted(listed) == sorted(_label(model) for model in _ours())


def test_what_is_listed_as_scoped_is():
    assert {_label(model) for model in _ours() if _is_scoped(model)} == SCOPED


@pytest.mark.parametrize("label", THROUGH)
def test_what_hangs_on_a_row_names_it(label):
    """There is a way from the row to the one that is scoped, without going through a third."""
    model, above = apps.get_model(label), apps.get_model(THROUGH[label])
    assert THROUGH[label] in SCOPED
    near = {field.related_model for field in model._meta.get_fields() if field.related_model}
    further = {field.related_model for each in near for field in each._meta.get_fields()}
    assert above in near | further


def test_everything_that_belongs_to_a_partner_is_scoped_or_hangs_on_what_is():
    direct = {
        _label(model)
        for model in _ours()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is Partner
    }
    assert direct <= SCOPED | set(THROUGH)


@pytest.mark.parametrize("label", sorted(SCOPED))
@pytest.mark.parametrize("reader", [r for r in READERS if r.like == r.persona != "anon"], ids=str)
def test_a_scope_lets_through_what_the_reader_may_read(label, reader, world, clients):
    model = apps.get_model(label)
    schema = "ops" if reader.persona == "olga" else reader.schema
    with context.entered(schema):
        user = User.objects.get(pk=clients[reader.persona].session["_auth_user_id"])
        rows = list(model._default_manager.get_queryset().visible_to(user).values())
    seen = str(rows).lower()
    allowed = reader.may_read | ({"kwharbor", "kwsummit"} if label == "users.User" else set())
    assert [word for word in EVERY - allowed if word in seen] == []


def test_scopes_tell_what_they_let_through():
    for label in SCOPED:
        scope = apps.get_model(label)._default_manager.get_queryset().visible_to
        assert inspect.getdoc(scope)
