"""Roles, switching people off and on, names, preferences: rights, limits and events."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from prm import events
from prm.access import Audience, Role
from prm.tenancy import context
from tests.world import person
from users import policies, services
from users.models import User


def codes(target):
    return list(events.timeline(target).values_list("code", flat=True))


def test_change_roles_writes_exactly_these(ada, mia):
    services.change_roles(mia, roles=[Role.FINANCE, Role.LEGAL], actor=ada)
    assert User.objects.get(pk=mia.pk).roles == {Role.FINANCE, Role.LEGAL}
    event = events.timeline(mia).get()
    assert (event.code, event.actor_uid) == ("user.roles_changed", ada.uid)
    assert event.data == {"changes": {"roles": [["CHANNEL_MANAGER"], ["FINANCE", "LEGAL"]]}}


def test_change_roles_to_the_same_records_nothing(ada, mia):
    services.change_roles(mia, roles=[Role.CHANNEL_MANAGER], actor=ada)
    assert codes(mia) == []


def test_change_roles_refuses_a_partner_role(ada, mia):
    with pytest.raises(services.RolesRefused):
        services.change_roles(mia, roles=[Role.SELLER], actor=ada)


@pytest.mark.parametrize("actor", ["mia", "fin", "nadia", "lea", "paula"])
def test_only_administrators_change_roles(request, actor, ana):
    with pytest.raises(PermissionDenied):
        services.change_roles(ana, roles=[Role.LEGAL], actor=request.getfixturevalue(actor))


def test_nobody_changes_their_own_roles(ada):
    with pytest.raises(PermissionDenied):
        services.change_roles(ada, roles=[Role.ADMINISTRATOR, Role.LEGAL], actor=ada)


def test_partner_people_have_no_vendor_roles(ada, pat):
    with pytest.raises(PermissionDenied):
        services.change_roles(pat, roles=[Role.ADMINISTRATOR], actor=ada)


def test_last_administrator_keeps_the_role(ada):
    with pytest.raises(services.LastAdministrator):
        services.change_roles(ada, roles=[], actor=None)
    with pytest.raises(services.LastAdministrator):
        services.disable(ada, actor=None)


def test_disabled_administrators_do_not_count(ada, mia):
    services.change_roles(mia, roles=[Role.ADMINISTRATOR], actor=ada)
    services.disable(mia, actor=ada)
    with pytest.raises(services.LastAdministrator):
        services.disable(ada, actor=None)


def test_last_operator_stays(olga):
    with context.entered("ops"), pytest.raises(services.LastAdministrator):
        services.disable(olga, actor=None)


def test_disable_and_enable_are_recorded_once(ada, mia):
    for service in (services.disable, services.disable, services.enable, services.enable):
        service(mia, actor=ada)
    assert codes(mia) == ["user.disabled", "user.enabled"]


def test_nobody_disables_themselves(ada):
    with pytest.raises(PermissionDenied):
        services.disable(ada, actor=ada)


def test_disabled_person_holds_no_role(ada, mia):
    assert services.disable(mia, actor=ada).roles == frozenset()


def test_rename_keeps_the_name_out_of_the_chain(ada, pat):
    services.rename(pat, name="  Patricia   Seller ", actor=ada)
    assert User.objects.get(pk=pat.pk).name == "Patricia Seller"
    event = events.timeline(pat).get()
    assert (event.code, event.data) == ("user.renamed", {})


def test_strangers_cannot_rename(pat, sam):
    with pytest.raises(PermissionDenied):
        services.rename(pat, name="Rude", actor=sam)


def test_preferences_are_ones_own(pat, ada):
    services.set_preferences(pat, values={"language": "de", "zone": "Europe/Berlin"}, actor=pat)
    event = events.timeline(pat).get()
    assert event.data["changes"] == {"language": ["", "de"], "zone": ["", "Europe/Berlin"]}
    with pytest.raises(PermissionDenied):
        services.set_preferences(pat, values={"language": "en"}, actor=ada)


def test_create_person_lowers_the_address(ada):
    user = services.create_person(
        email=" New@Acme.Example ",
        name="New",
        audience=Audience.VENDOR,
        roles=[Role.LEGAL],
        password="never printed 2026",
        actor=ada,
    )
    assert (user.email, user.roles) == ("new@acme.example", {Role.LEGAL})
    assert user.check_password("never printed 2026")
    assert codes(user) == ["user.created"]


@pytest.mark.constraints
def test_database_refuses_upper_case_and_double_addresses(pat):
    for email in ("Pat@harbor.example", "pat@harbor.example"):
        with pytest.raises(IntegrityError), transaction.atomic():
            person(email, "Pat again", Audience.PARTNER)


INVITES = [
    ("ada", {Audience.VENDOR, Audience.AGENT, Audience.PARTNER}),
    ("mia", {Audience.PARTNER}),
    ("fin", set()),
    ("nadia", set()),
    ("lea", set()),
    ("paula", {Audience.PARTNER}),
    ("pat", set()),
]


@pytest.mark.parametrize(("name", "sides"), INVITES)
def test_can_invite(db, request, name, sides):
    actor = request.getfixturevalue(name)
    every = (Audience.VENDOR, Audience.AGENT, Audience.PARTNER, Audience.OPERATOR)
    assert {side for side in every if policies.can_invite(actor, side)} == sides


def test_operators_invite_operators_only(olga):
    with context.entered("ops"):
        assert policies.can_invite(olga, Audience.OPERATOR)
        assert not policies.can_invite(olga, Audience.VENDOR)
