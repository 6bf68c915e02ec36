"""Profiles: stating, confirming, contacts, the rule, and what is announced."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from catalog.models import Skill, Territory
from notifications.models import Notice
from partners import selectors, services
from partners.enums import Function, PartnerTask
from partners.models import Contact, PartnerHours
from partners.services import ContactFacts
from prm import clock, due, links, portal
from prm.due.models import DueRow
from prm.events import Event
from prm.links.models import ActionLink
from users import services as people

SALES = ContactFacts("Otto Other", "Otto@Harbor.example", "+1 555", (Function.SALES,))


def last():
    return Event.objects.order_by("id").last()


def notices():
    return list(Notice.objects.filter(kind="partners.profile_ending").order_by("id"))


def test_a_partner_states_and_only_what_differs_is_recorded(harbor, paula):
    places = list(Territory.objects.filter(code="uki"))
    services.change_profile(harbor, territories=places, skills=Skill.objects.all(), actor=paula)
    assert last().data == {
        "changes": {
            "territories": [["dach", "na"], ["uki"]],
            "skills": [["migration"], ["migration", "security"]],
        }
    }
    before = Event.objects.count()
    services.change_profile(harbor, territories=places, actor=paula)
    assert Event.objects.count() == before
    assert harbor.product_lines.count() == 3


@pytest.mark.parametrize("who", ["pat", "sue", "fin", "ana", "lea", "nadia"])
def test_only_its_administrators_and_the_vendors_managers_edit(harbor, request, who):
    actor = request.getfixturevalue(who)
    for write in (
        lambda: services.change_profile(harbor, skills=[], actor=actor),
        lambda: services.change_partner_hours(harbor, zone="", week={}, actor=actor),
        lambda: services.add_contact(harbor, SALES, actor=actor),
        lambda: services.confirm_profile(harbor, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            write()


@pytest.mark.parametrize("who", ["mia", "ada"])
def test_the_vendor_edits_but_does_not_confirm(harbor, request, who):
    actor = request.getfixturevalue(who)
    services.change_profile(harbor, skills=[], actor=actor)
    with pytest.raises(PermissionDenied):
        services.confirm_profile(harbor, actor=actor)


def test_hours_count_in_the_calendar_and_none_mean_the_portals(harbor, paula):
    assert selectors.calendar_of(harbor).hours == portal.calendar().hours
    week = {0: [(time(7), time(11))]}
    services.change_partner_hours(harbor, zone="Asia/Tokyo", week=week, actor=paula)
    harbor.refresh_from_db()
    calendar = selectors.calendar_of(harbor)
    assert (calendar.zone.key, calendar.hours[0]) == ("Asia/Tokyo", ((time(7), time(11)),))
    assert last().data["changes"]["hours_0"] == ["", "07:00-11:00"]
    before = Event.objects.count()
    services.change_partner_hours(harbor, zone="Asia/Tokyo", week=week, actor=paula)
    assert Event.objects.count() == before
    with pytest.raises(services.PartnerRefused):
        services.change_partner_hours(harbor, zone="Mars/Base", week={}, actor=paula)


def test_a_country_without_known_holidays_has_none(harbor):
    harbor.country = "ZZ"
    assert selectors.calendar_of(harbor).holidays == frozenset()


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"weekday": 7, "opens_at": time(9), "closes_at": time(10)}, "on a weekday"),
        ({"weekday": 0, "opens_at": time(9), "closes_at": time(8)}, "close after they open"),
    ],
)
def test_the_database_refuses_hours_that_cannot_be(harbor, values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PartnerHours.objects.create(partner=harbor, **values)


def test_confirming_counts_anew_and_plans_three_announcements(harbor, paula):
    services.confirm_profile(harbor, actor=paula)
    harbor.refresh_from_db()
    assert harbor.profile_confirmed_by == paula
    assert last().code == "partner.profile_confirmed"
    rows = DueRow.objects.filter(kind="partners.profile-ending")
    assert sorted(row.data["days"] for row in rows) == [0, 7, 30]


def test_an_empty_profile_cannot_be_confirmed(harbor, paula):
    harbor.territories.clear()
    Contact.objects.filter(partner=harbor).update(functions=[])
    with pytest.raises(services.ProfileIncomplete) as refused:
        services.confirm_profile(harbor, actor=paula)
    assert refused.value.tasks == (PartnerTask.TERRITORIES, PartnerTask.SALES)


def test_the_end_is_announced_thirty_and_seven_days_ahead_and_when_it_is_there(
    harbor, paula, travel
):
    services.confirm_profile(harbor, actor=paula)
    told = []
    for days in (149, 2, 23, 7):
        travel(days=days)
        due.drain()
        told.append([(n.email, n.context["ended"]) for n in notices()])
    once = [("paula@harbor.example", False)]
    assert told == [[], once, once * 2, [*once * 2, ("paula@harbor.example", True)]]


def test_after_an_outage_only_the_newest_is_said(harbor, paula, travel):
    services.confirm_profile(harbor, actor=paula)
    travel(days=176)
    due.drain()
    assert len(notices()) == 1


def test_confirming_again_silences_what_was_planned(harbor, paula, travel):
    services.confirm_profile(harbor, actor=paula)
    travel(days=140)
    services.confirm_profile(harbor, actor=paula)
    travel(days=40)
    due.drain()
    assert notices() == []


def test_a_shorter_rule_is_announced_at_once_to_whom_it_hits(harbor, paula, ada, travel):
    services.confirm_profile(harbor, actor=paula)
    travel(days=100)
    services.change_profile_rule(valid_days=120, announce_days=[30, 7], actor=ada)
    due.drain()
    assert [n.email for n in notices()] == ["paula@harbor.example", "sue@summit.example"]
    assert Event.objects.filter(code="portal.profile_rule_changed").count() == 1


@pytest.mark.parametrize(
    ("valid", "ahead"),
    [(6, [3]), (4000, [3]), (10, [10]), (10, []), (90, [1, 2, 3, 4, 5]), (90, [0])],
)
def test_a_rule_that_cannot_be_is_refused(ada, valid, ahead):
    with pytest.raises(services.PartnerRefused):
        services.change_profile_rule(valid_days=valid, announce_days=ahead, actor=ada)


@pytest.mark.parametrize("who", ["mia", "lex", "paula"])
def test_only_administrators_change_the_rule(db, request, who):
    with pytest.raises(PermissionDenied):
        services.change_profile_rule(
            valid_days=90, announce_days=[7], actor=request.getfixturevalue(who)
        )


def test_the_mails_button_confirms_without_sign_in_and_once(harbor, paula, travel, browse):
    services.confirm_profile(harbor, actor=paula)
    travel(days=151)
    due.drain()
    link = ActionLink.objects.get(subject=harbor.uid)
    client, url = browse(), links.path(link)
    assert b"Everything is still right" in client.get(url).content
    harbor.refresh_from_db()
    before = harbor.profile_confirmed_at
    assert b"The profile is confirmed." in client.post(url).content
    harbor.refresh_from_db()
    assert harbor.profile_confirmed_at - before >= timedelta(days=150)
    assert b"This link has been used" in client.post(url).content
    assert Event.objects.filter(code="partner.profile_confirmed").count() == 2


def test_the_button_of_somebody_who_no_longer_administers_does_nothing(
    harbor, paula, mia, travel, browse
):
    services.confirm_profile(harbor, actor=paula)
    travel(days=151)
    due.drain()
    link = ActionLink.objects.get(subject=harbor.uid)
    services.remove_member(paula.membership, actor=mia)
    assert b"nothing to do here" in browse().post(links.path(link)).content


def test_the_button_says_what_is_missing(harbor, paula, travel, browse):
    services.confirm_profile(harbor, actor=paula)
    travel(days=151)
    due.drain()
    harbor.territories.clear()
    page = browse().post(links.path(ActionLink.objects.get(subject=harbor.uid))).content.decode()
    assert "First complete: Choose your territories." in page


def test_contacts_are_added_edited_and_removed(harbor, paula):
    otto = services.add_contact(harbor, SALES, actor=paula)
    assert (otto.email, otto.functions, otto.signs) == ("otto@harbor.example", ["SALES"], False)
    facts = ContactFacts(
        "Otto Other", otto.email, "", (Function.MARKETING, Function.PRINCIPAL), signs=True
    )
    otto = services.edit_contact(otto, facts, actor=paula)
    assert otto.functions == ["PRINCIPAL", "MARKETING"]
    assert last().data["changes"] == {
        "functions": [["SALES"], ["PRINCIPAL", "MARKETING"]],
        "signs": [False, True],
    }
    services.remove_contact(otto, actor=paula)
    services.remove_contact(otto, actor=paula)
    assert otto not in selectors.contacts_of(harbor)
    assert Event.objects.filter(code="partner.contact_removed").count() == 1
    services.add_contact(harbor, SALES, actor=paula)  # the address is free again


def test_a_contact_that_cannot_be_is_refused(harbor, paula):
    services.add_contact(harbor, SALES, actor=paula)
    with pytest.raises(services.ContactTaken):
        services.add_contact(harbor, SALES, actor=paula)
    for facts in (
        ContactFacts("", "a@b.example", functions=(Function.SALES,)),
        ContactFacts("A", "nothing", functions=(Function.SALES,)),
        ContactFacts("A", "a@b.example"),
    ):
        with pytest.raises(services.PartnerRefused):
            services.add_contact(harbor, facts, actor=paula)


def test_who_signs_in_is_removed_elsewhere_and_keeps_name_and_address(harbor, pat, paula):
    with pytest.raises(services.CanSignIn):
        services.remove_contact(pat.contact, actor=paula)
    facts = ContactFacts("Else", "else@harbor.example", "1", (Function.TECHNICAL,))
    contact = services.edit_contact(pat.contact, facts, actor=paula)
    assert (contact.name, contact.email, contact.phone) == ("Pat Seller", pat.email, "1")


def test_a_contact_follows_the_persons_new_name(pat):
    people.rename(pat, name="Pat Renamed", actor=pat)
    pat.contact.refresh_from_db()
    assert pat.contact.name == "Pat Renamed"


def test_whoever_joins_gets_the_contact_with_their_address(harbor, paula, mia):
    otto = services.add_contact(harbor, SALES, actor=paula)
    user = people.create_person(
        email="otto@harbor.example", name="Otto Joined", audience="PARTNER", actor=None
    )
    services.add_membership(user, partner=harbor, role="SELLER", actor=mia)
    otto.refresh_from_db()
    assert (otto.user, otto.name) == (user, "Otto Joined")


def test_whoever_is_kept_out_is_no_contact(harbor, pat, paula):
    services.remove_member(pat.membership, actor=paula)
    assert selectors.contact_of(pat) is None
    assert [contact.name for contact in selectors.contacts_of(harbor)] == ["Paula Principal"]


def test_the_database_refuses_unknown_functions(harbor):
    with pytest.raises(IntegrityError, match="known ones"), transaction.atomic():
        Contact.objects.create(partner=harbor, name="X", email="x@x.example", functions=["KING"])


def test_the_task_list_says_what_is_done(harbor):
    done = {task.code for task in selectors.profile_tasks(harbor) if task.done}
    assert PartnerTask.HOURS not in done
    assert len(done) == len(PartnerTask) - 1
    harbor.change(profile_confirmed_at=clock.now() - timedelta(days=400))
    done = {task.code for task in selectors.profile_tasks(harbor) if task.done}
    assert PartnerTask.CONFIRM not in done


def test_whoever_acts_for_somebody_gives_no_signing_authority(mia, paula, harbor):
    paula.acted_by = mia
    otto = services.add_contact(harbor, SALES, actor=paula)
    signer = ContactFacts(otto.name, otto.email, functions=(Function.SALES,), signs=True)
    with pytest.raises(PermissionDenied):
        services.edit_contact(otto, signer, actor=paula)
    with pytest.raises(PermissionDenied):
        services.add_contact(
            harbor, ContactFacts("New", "n@h.example", functions=(Function.SALES,), signs=True),
            actor=paula,
        )  # fmt: skip


def test_nobody_confirms_on_behalf(harbor, paula, mia):
    paula.acted_by = mia
    with pytest.raises(PermissionDenied):
        services.confirm_profile(harbor, actor=paula)
