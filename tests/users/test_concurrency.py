"""Two people at the same instant, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from prm import clock
from prm.access import Audience, Role
from prm.tenancy import context
from users import invitations, services
from users.models import User, VendorRole

pytestmark = pytest.mark.concurrency


@pytest.fixture(autouse=True)
def _real(own_database, django_db_blocker, monkeypatch):
    monkeypatch.setattr(invitations, "_senders", [])
    with django_db_blocker.unblock():
        yield


def together(*acts):
    """Run the acts at the same instant; return what each returned or raised."""
    start = Barrier(len(acts))

    def run(act):
        try:
            with context.entered("acme"), clock.scope():
                start.wait(5)
                return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_administrators_cannot_remove_each_other(own_database):
    ada = User.objects.get(email="ada@acme.example")
    mia = User.objects.get(email="mia@acme.example")
    VendorRole.objects.create(user=mia, role=Role.ADMINISTRATOR)
    results = together(
        lambda: services.disable(ada, actor=mia), lambda: services.disable(mia, actor=ada)
    )
    assert sorted(type(result).__name__ for result in results) == ["LastAdministrator", "User"]
    assert User.objects.get_queryset().holding(Role.ADMINISTRATOR).count() == 1


def test_one_invitation_makes_one_person(own_database):
    links = []
    invitations.register_sender(lambda _invitation, link: links.append(link))
    invitation = services.invite(
        email="twice@acme.example",
        name="",
        audience=Audience.VENDOR,
        roles=[Role.LEGAL],
        actor=None,
    )
    join = {"link": links[0], "name": "Twice", "password": "correct horse battery"}
    results = together(*[lambda: services.accept(invitation, **join)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["InvitationOver", "User"]
    assert User.objects.filter(email="twice@acme.example").count() == 1


def test_one_address_has_one_open_invitation(own_database):
    wanted = {"email": "both@acme.example", "name": "", "audience": Audience.VENDOR, "actor": None}
    results = together(*[lambda: services.invite(roles=[Role.LEGAL], **wanted)] * 2)
    assert len({result.pk for result in results}) == 1
