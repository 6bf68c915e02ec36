"""Invitations from the mail to the first sign-in, and everything that can be wrong with one."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from prm import events, links
from prm.access import Audience, Role
from prm.tenancy import context
from users import invitations, services
from users.enums import InvitationState
from users.models import Invitation, User

NEW = "new@acme.example"
PASSWORD = "correct horse battery"


@pytest.fixture
def posted(monkeypatch):
    """Invitations and links that were handed over for mailing."""
    sent = []
    monkeypatch.setattr(invitations, "_senders", [lambda *letter: sent.append(letter)])
    return sent


@pytest.fixture
def steps(monkeypatch):
    """The registry of acceptance steps, empty."""
    registry: dict = {}
    monkeypatch.setattr(invitations, "_accepted", registry)
    return registry


def invite(actor, **changes):
    wanted = {"email": NEW, "name": "New Person", "audience": Audience.VENDOR}
    return services.invite(**{**wanted, "roles": [Role.LEGAL], "actor": actor, **changes})


def test_invite_hands_a_link_to_the_sender(ada, posted):
    invitation = invite(ada, email=" New@Acme.example")
    [(sent, link)] = posted
    assert sent == invitation
    assert (link.email, link.subject, link.expires_at) == (
        NEW,
        invitation.uid,
        invitation.expires_at,
    )
    assert list(events.timeline(invitation).values_list("code", flat=True)) == ["invitation.sent"]


def test_inviting_again_sends_again_with_newer_roles(ada, posted, travel):
    first = invite(ada)
    travel(days=10)
    again = invite(ada, roles=[Role.FINANCE])
    assert (again.pk, again.roles) == (first.pk, ["FINANCE"])
    assert again.expires_at > first.expires_at
    assert len(posted) == 2
    assert Invitation.objects.count() == 1


def test_invite_refuses_somebody_who_is_here(ada, posted):
    with pytest.raises(services.AlreadyMember):
        invite(ada, email="mia@acme.example")


def test_invite_refuses_an_address_that_is_invited_elsewhere(ada, paula, posted):
    harbor, summit = uuid.uuid4(), uuid.uuid4()
    partner = {"audience": Audience.PARTNER, "roles": [Role.SELLER]}
    invite(paula, organisation=harbor, **partner)
    with pytest.raises(services.InvitedElsewhere):
        invite(ada, organisation=summit, **partner)
    with pytest.raises(services.InvitedElsewhere):
        invite(ada)


def test_expired_invitation_makes_room_for_another_side(ada, posted, travel):
    old = invite(ada, audience=Audience.AGENT, roles=[])
    travel(days=15)
    assert Invitation.objects.get(pk=old.pk).state == InvitationState.EXPIRED
    new = invite(ada)
    assert new.pk != old.pk
    assert Invitation.objects.get(pk=old.pk).state == InvitationState.WITHDRAWN


def test_managers_do_not_invite_staff(mia, posted):
    with pytest.raises(PermissionDenied):
        invite(mia)


def test_staff_roles_only(ada, posted):
    with pytest.raises(services.RolesRefused):
        invite(ada, roles=[Role.SELLER])


def test_link_shows_and_joins(browse, ada, posted):
    invitation = invite(ada)
    client, path = browse(), links.path(posted[0][1])
    page = client.get(path).content.decode()
    assert "Ada Admin has invited new@acme.example" in page
    assert not User.objects.filter(email=NEW).exists()
    response = client.post(path, {"name": "Nina New", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (303, "/")
    user = User.objects.get(email=NEW)
    assert (user.name, user.audience, user.roles) == ("Nina New", "VENDOR", {Role.LEGAL})
    assert client.get("/me/").status_code == 200
    invitation.refresh_from_db()
    assert (invitation.state, invitation.accepted_by) == (InvitationState.ACCEPTED, user)
    codes = list(events.timeline(invitation).values_list("code", flat=True))
    assert codes == ["invitation.sent", "invitation.accepted"]


def test_link_works_once_and_then_tells_the_truth(browse, ada, posted):
    invite(ada)
    path = links.path(posted[0][1])
    browse().post(path, {"name": "Nina New", "password": PASSWORD})
    for response in (browse().get(path), browse().post(path, {"name": "X", "password": PASSWORD})):
        page = response.content.decode()
        assert response.status_code == 200
        assert "You have joined already" in page
        assert "/accounts/login/" in page
    assert User.objects.filter(email=NEW).count() == 1


@pytest.mark.parametrize("name", ["withdrawn", "expired"])
def test_link_that_is_over_says_why(browse, ada, posted, travel, name):
    invitation = invite(ada)
    if name == "withdrawn":
        services.withdraw_invitation(invitation, actor=ada)
    else:
        travel(days=15)
    path = links.path(posted[0][1])
    assert name in browse().get(path).content.decode()
    assert name in browse().post(path, {"name": "X", "password": PASSWORD}).content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_older_link_of_a_renewed_invitation_points_to_the_newer(browse, ada, posted, travel):
    invitation = invite(ada)
    travel(days=15)
    services.resend(invitation, actor=ada)
    old, new = (links.path(link) for _invitation, link in posted)
    assert "newer invitation" in browse().get(old).content.decode()
    assert "Choose a password" in browse().get(new).content.decode()


def test_link_of_one_vendor_means_nothing_at_another(browse, ada, posted):
    invite(ada)
    assert browse(schema="globex").get(links.path(posted[0][1])).status_code == 404


@pytest.mark.parametrize("password", ["short", "password1234", "new@acme.example"])
def test_weak_password_comes_back_with_the_form(browse, ada, posted, password):
    invite(ada)
    response = browse().post(links.path(posted[0][1]), {"name": "Nina", "password": password})
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_long_name_is_refused_with_a_sentence(browse, ada, posted):
    data = {"name": "x" * 50_000, "password": PASSWORD}
    response = browse().post(links.path(posted[0][1] if posted else _link(ada, posted)), data)
    assert response.status_code == 422


def _link(ada, posted):
    invite(ada)
    return posted[0][1]


def test_room_above_takes_part_in_accepting(ada, posted, steps):
    joined = []
    invitations.on_accepted(Audience.PARTNER, lambda *both: joined.append(both))
    organisation = uuid.uuid4()
    invitation = invite(
        ada, audience=Audience.PARTNER, roles=[Role.SELLER], organisation=organisation
    )
    user = services.accept(invitation, link=posted[0][1], name="Nina", password=PASSWORD)
    [(accepted, same)] = joined
    assert (accepted.organisation, same) == (organisation, user)


def test_room_above_can_stop_it(browse, ada, posted, steps):
    def refuse(invitation, user):
        raise invitations.CannotJoin

    invitations.on_accepted(Audience.VENDOR, refuse)
    invite(ada)
    response = browse().post(links.path(posted[0][1]), {"name": "Nina", "password": PASSWORD})
    assert "no longer there" in response.content.decode()
    assert not User.objects.filter(email=NEW).exists()
    assert Invitation.objects.get().state == InvitationState.OPEN


def test_joining_signs_out_whoever_was_here(browse, ada, pat, posted):
    invite(ada)
    client, path = browse(pat), links.path(posted[0][1])
    assert "Joining signs Pat Seller out" in client.get(path).content.decode()
    client.post(path, {"name": "Nina New", "password": PASSWORD})
    assert "Nina New" in client.get("/me/").content.decode()


def test_resend_refuses_what_is_over(ada, posted):
    invitation = services.withdraw_invitation(invite(ada), actor=ada)
    with pytest.raises(services.InvitationOver):
        services.resend(invitation, actor=ada)


def test_command_prints_the_link(browse, capsys, posted):
    call_command("invite_administrator", tenant="globex", email="chef@globex.example")
    url = capsys.readouterr().out.strip()
    assert url.startswith("http://globex.localhost")
    path = "/a/" + url.partition("/a/")[2]
    client = browse(schema="globex")
    assert client.post(path, {"name": "Chef", "password": PASSWORD}).status_code == 303
    with context.entered("globex"):
        assert User.objects.get(email="chef@globex.example").roles == {Role.ADMINISTRATOR}


def test_command_in_the_operators_tenant_invites_an_operator(db, capsys, posted):
    call_command("invite_administrator", tenant="ops", email="otto@operator.example")
    assert posted[0][0].audience == Audience.OPERATOR


@pytest.mark.parametrize(
    ("tenant", "email"), [("nowhere", "x@acme.example"), ("acme", "ada@acme.example")]
)
def test_command_fails_with_a_sentence(db, tenant, email):
    with pytest.raises(CommandError, match=tenant if tenant == "nowhere" else email):
        call_command("invite_administrator", tenant=tenant, email=email)
