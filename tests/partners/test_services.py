"""Every change of partners and their people: who may, what is refused, what is recorded."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from catalog.models import ProductLine, Territory
from partners import selectors, services
from partners.models import Membership, Partner
from partners.services import Profile
from prm import links
from prm.access import Audience, Role
from prm.events.models import Event
from prm.links.models import ActionLink
from users import services as people
from users.models import Invitation, User
from users.services import accept


def member(email):
    return Membership.objects.select_related("user", "partner").get(user__email=email)


def codes():
    return list(
        Event.objects.filter(code__startswith="partner.")
        .order_by("id")
        .values_list("code", flat=True)
    )


def last_event():
    return Event.objects.select_related("detail").filter(code__startswith="partner.").latest("id")


@pytest.mark.parametrize("who", ["fin", "lex", "ana", "nadia", "pat", "paula", "lea"])
def test_only_administrators_and_channel_managers_write_partners(db, request, harbor, who):
    actor = request.getfixturevalue(who)
    profile = Profile(name="Quay", country="US")
    for change in (
        lambda: services.add_partner(profile, actor=actor),
        lambda: services.edit_partner(harbor, profile, actor=actor),
        lambda: services.end_partner(harbor, reason="", actor=actor),
        lambda: services.reopen_partner(harbor, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert codes() == []


@pytest.mark.parametrize("who", ["fin", "ana", "nadia", "pat", "sam", "sue", "lea"])
def test_only_managers_and_the_partner_s_own_administrators_change_its_people(
    db, request, harbor, who
):
    actor = request.getfixturevalue(who)
    pat = member("pat@harbor.example")
    for change in (
        lambda: services.invite_person(
            harbor, email="new@harbor.example", name="New", role=Role.SELLER, actor=actor
        ),
        lambda: services.change_member_role(pat, role=Role.PARTNER_ADMINISTRATOR, actor=actor),
        lambda: services.remove_member(pat, actor=actor),
        lambda: services.restore_member(pat, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert codes() == []


def test_a_partner_is_added_under_a_random_reference(mia):
    profile = Profile(
        name="  Quay   Systems ",
        country="DE",
        website="quay.example",
        manager=mia,
        territories=[Territory.objects.get(code="dach")],
        product_lines=[ProductLine.objects.get(code="crm")],
    )
    partner = services.add_partner(profile, actor=mia)
    assert partner.name == "Quay Systems"
    assert partner.reference.startswith("P-")
    assert [place.code for place in partner.territories.all()] == ["dach"]
    event = last_event()
    assert (event.code, event.data) == ("partner.added", {"country": "DE"})
    assert event.detail.private == {"name": "Quay Systems"}


@pytest.mark.parametrize("name", ["Harbor", "HARBOR", " harbor "])
def test_a_partner_s_name_is_used_once(mia, name):
    with pytest.raises(services.PartnerNameTaken) as taken:
        services.add_partner(Profile(name=name, country="US"), actor=mia)
    assert taken.value.partner.name == "Harbor"


@pytest.mark.parametrize(
    "values",
    [
        {"name": "", "country": "US"},
        {"name": "x" * 121, "country": "US"},
        {"name": "Quay", "country": "us"},
        {"name": "Quay", "country": "ZZ"},
    ],
)
def test_a_partner_that_cannot_be_is_refused(mia, values):
    with pytest.raises(services.PartnerRefused):
        services.add_partner(Profile(**values), actor=mia)


@pytest.mark.parametrize("who", ["fin", "pat", "lea"])
def test_only_managers_look_after_partners(db, request, mia, who):
    profile = Profile(name="Quay", country="US", manager=request.getfixturevalue(who))
    with pytest.raises(services.PartnerRefused):
        services.add_partner(profile, actor=mia)


def test_editing_records_only_what_differs(mia, ada, harbor):
    stands = {"product_lines": list(harbor.product_lines.all())}
    same = Profile("Harbor", "US", territories=list(harbor.territories.all()), **stands)
    services.edit_partner(harbor, same, actor=mia)
    assert codes() == []
    profile = Profile(
        name="Harbor Group",
        country="US",
        manager=mia,
        territories=[Territory.objects.get(code="na")],
        **stands,
    )
    services.edit_partner(harbor, profile, actor=ada)
    event = last_event()
    changed = {"manager": ["", str(mia.uid)], "territories": [["dach", "na"], ["na"]]}
    assert event.data == {"changes": changed}
    assert event.detail.private == {
        "changes": {"name": ["Harbor", "Harbor Group"], "manager": ["", "Mia Manager"]}
    }
    harbor.refresh_from_db()
    assert (harbor.name, harbor.manager) == ("Harbor Group", mia)


def test_ending_takes_the_rights_of_its_people_and_reopening_gives_them_back(mia, harbor):
    services.invite_person(
        harbor, email="new@harbor.example", name="New", role=Role.SELLER, actor=mia
    )
    services.end_partner(harbor, reason="Moved on", actor=mia)
    services.end_partner(harbor, reason="Twice", actor=mia)
    pat = User.objects.get(email="pat@harbor.example")
    assert pat.roles == frozenset()
    assert selectors.partner_of(pat) is None
    assert Invitation.objects.get().withdrawn_at is not None
    assert last_event().detail.private == {"reason": "Moved on"}
    with pytest.raises(services.PartnerEnded):
        services.edit_partner(harbor, Profile(name="Harbor", country="CA"), actor=mia)
    with pytest.raises(services.PartnerEnded):
        services.invite_person(
            harbor, email="late@harbor.example", name="Late", role=Role.SELLER, actor=mia
        )
    services.reopen_partner(harbor, actor=mia)
    services.reopen_partner(harbor, actor=mia)
    assert User.objects.get(pk=pat.pk).roles == {Role.SELLER}
    assert codes() == ["partner.person_invited", "partner.ended", "partner.reopened"]


def accepted(invitation, name="New Person"):
    link = ActionLink.objects.get(subject=invitation.uid, used_at=None)
    assert links.token(link)
    return accept(invitation, link=link, name=name, password="a-long-password-2026")


@pytest.mark.parametrize("role", [Role.SELLER, Role.PARTNER_ADMINISTRATOR])
def test_an_accepted_invitation_makes_a_member_with_its_role(mia, harbor, role):
    invitation = services.invite_person(
        harbor, email="New@Harbor.example", name="New", role=role, actor=mia
    )
    user = accepted(invitation)
    user = User.objects.get(pk=user.pk)
    assert user.roles == {role}
    assert selectors.partner_of(user) == harbor
    event = last_event()
    assert event.code == "partner.member_joined"
    assert event.data == {"person": str(user.uid), "role": role.value}
    assert event.detail.persons == [user.uid]


def test_an_invitation_to_an_ended_partner_makes_nobody(mia, harbor):
    invitation = services.invite_person(
        harbor, email="new@harbor.example", name="New", role=Role.SELLER, actor=mia
    )
    Partner.objects.filter(pk=harbor.pk).update(ended_at=invitation.created_at)
    with pytest.raises(services.PartnerEnded):
        accepted(invitation)
    assert not User.objects.filter(email="new@harbor.example").exists()


def test_a_partner_administrator_invites_only_to_their_own(paula, harbor, summit):
    assert (
        services.invite_person(
            harbor, email="new@harbor.example", name="New", role=Role.SELLER, actor=paula
        ).organisation
        == harbor.uid
    )
    with pytest.raises(PermissionDenied):
        services.invite_person(
            summit, email="spy@harbor.example", name="Spy", role=Role.SELLER, actor=paula
        )


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CHANNEL_MANAGER, Role.OPERATOR])
def test_nobody_is_invited_or_promoted_to_a_vendor_s_role(paula, harbor, role):
    with pytest.raises(services.PartnerRefused):
        services.invite_person(
            harbor, email="new@harbor.example", name="New", role=role, actor=paula
        )
    with pytest.raises(services.PartnerRefused):
        services.change_member_role(member("pat@harbor.example"), role=role, actor=paula)


def test_an_invitation_is_sent_again_or_taken_back_by_its_own_side_only(paula, sue, harbor):
    invitation = services.invite_person(
        harbor, email="new@harbor.example", name="New", role=Role.SELLER, actor=paula
    )
    for stranger, where in ((sue, harbor), (sue, selectors.partner_of(sue))):
        with pytest.raises(PermissionDenied):
            services.withdraw_invitation(where, invitation, actor=stranger)
        with pytest.raises(PermissionDenied):
            services.resend_invitation(where, invitation, actor=stranger)
    services.resend_invitation(harbor, invitation, actor=paula)
    services.withdraw_invitation(harbor, invitation, actor=paula)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    with pytest.raises(people.InvitationOver):
        services.resend_invitation(harbor, invitation, actor=paula)


def test_a_role_changes_from_the_next_request(paula):
    services.change_member_role(
        member("pat@harbor.example"), role=Role.PARTNER_ADMINISTRATOR, actor=paula
    )
    assert User.objects.get(email="pat@harbor.example").roles == {Role.PARTNER_ADMINISTRATOR}
    assert last_event().data["changes"] == {"role": ["SELLER", "PARTNER_ADMINISTRATOR"]}
    services.change_member_role(
        member("pat@harbor.example"), role=Role.PARTNER_ADMINISTRATOR, actor=paula
    )
    assert len(codes()) == 1


def test_removing_closes_the_login_and_can_be_undone(mia):
    services.remove_member(member("pat@harbor.example"), actor=mia)
    services.remove_member(member("pat@harbor.example"), actor=mia)
    pat = User.objects.get(email="pat@harbor.example")
    assert not pat.is_active
    assert pat.roles == frozenset()
    services.restore_member(member("pat@harbor.example"), actor=mia)
    services.restore_member(member("pat@harbor.example"), actor=mia)
    assert User.objects.get(pk=pat.pk).roles == {Role.SELLER}
    assert codes() == ["partner.member_removed", "partner.member_restored"]


def test_a_partner_cannot_lock_itself_out_but_the_vendor_may(paula, mia):
    own = member("paula@harbor.example")
    with pytest.raises(services.LastAdministrator):
        services.change_member_role(own, role=Role.SELLER, actor=paula)
    with pytest.raises((services.LastAdministrator, PermissionDenied)):
        services.remove_member(own, actor=paula)
    services.change_member_role(
        member("pat@harbor.example"), role=Role.PARTNER_ADMINISTRATOR, actor=paula
    )
    services.change_member_role(own, role=Role.SELLER, actor=paula)
    services.remove_member(member("pat@harbor.example"), actor=mia)
    assert not Membership.objects.filter(
        partner=own.partner, role=Role.PARTNER_ADMINISTRATOR, user__is_active=True
    ).exists()


def test_a_person_works_for_one_partner_at_most(sam, ada, harbor):
    for user in (sam, ada):
        with pytest.raises(services.WorksElsewhere):
            services.add_membership(user, partner=harbor, role=Role.SELLER, actor=None)


def test_partners_are_visible_to_staff_and_to_their_own_people(mia, pat, lea, harbor):
    assert Partner.objects.all().visible_to(mia).count() == 2
    assert list(Partner.objects.all().visible_to(pat)) == [harbor]
    assert not Partner.objects.all().visible_to(lea).exists()


@pytest.mark.constraints
def test_the_database_keeps_partners_apart(db, harbor):
    with pytest.raises(IntegrityError, match="name is used once"), transaction.atomic():
        Partner.objects.create(name="HARBOR", reference="P-TEST-9999", country="US")
    with pytest.raises(IntegrityError, match="country is two letters"), transaction.atomic():
        Partner.objects.filter(pk=harbor.pk).update(country="us")
    with pytest.raises(IntegrityError, match="one of a partner's"), transaction.atomic():
        Membership.objects.update(role=Role.ADMINISTRATOR)
    assert Audience.PARTNER in User.objects.values_list("audience", flat=True)
