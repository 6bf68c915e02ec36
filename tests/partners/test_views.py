"""The pages about partners: the vendor's and the partner's own."""

import pytest
from django.urls import reverse

from catalog.models import ProductLine, Territory
from catalog.services import retire_entry
from partners.models import Membership, Partner
from partners.services import Profile, add_partner, end_partner, invite_person
from prm.access import Role
from users.models import Invitation, User

pytestmark = pytest.mark.django_db
LIST = "/manage/partners/"
HARBOR = "/manage/partners/P-TEST-0000/"


def person_url(base, email):
    return f"{base}people/{User.objects.get(email=email).uid}/"


@pytest.mark.parametrize("who", ["ada", "mia", "fin", "lex", "ana"])
def test_every_vendor_role_reads_partners(browse, request, who):
    browser = browse(request.getfixturevalue(who))
    assert "Harbor" in browser.get(LIST).content.decode()
    page = browser.get(HARBOR).content.decode()
    assert "pat@harbor.example" in page
    may_change = who in ("ada", "mia")
    assert (f"{HARBOR}invite/" in page) == may_change
    assert (f"{HARBOR}edit/" in page) == may_change


@pytest.mark.parametrize(
    ("who", "status"), [("nadia", 403), ("pat", 404), ("paula", 404), ("lea", 404)]
)
@pytest.mark.parametrize("path", [LIST, HARBOR, f"{HARBOR}edit/", f"{HARBOR}invite/"])
def test_nobody_else_learns_of_the_vendor_s_pages(browse, request, who, status, path):
    assert browse(request.getfixturevalue(who)).get(path).status_code == status


@pytest.mark.parametrize("action", ["edit/", "end/", "invite/"])
@pytest.mark.parametrize("who", ["fin", "lex", "ana"])
def test_readers_cannot_open_what_changes_a_partner(browse, request, who, action):
    assert browse(request.getfixturevalue(who)).get(HARBOR + action).status_code == 403


def test_an_unknown_reference_answers_404(browse, mia):
    assert browse(mia).get(f"{LIST}P-TEST-9999/").status_code == 404


def test_the_list_filters_searches_and_exports(browse, mia, summit):
    end_partner(summit, reason="", actor=mia)
    browser = browse(mia)
    assert "Summit" not in browser.get(f"{LIST}?state=active").content.decode()
    assert "Harbor" not in browser.get(f"{LIST}?state=ended").content.decode()
    assert "Harbor" not in browser.get(f"{LIST}?q=summ").content.decode()
    assert "Summit" in browser.get(f"{LIST}?q=p-test-0001").content.decode()
    exported = browser.get(f"{LIST}?export=csv&sort=-name").getvalue().decode()
    assert [line.split(",")[0] for line in exported.splitlines()[1:]] == ["Summit", "Harbor"]


def test_the_list_asks_the_same_number_of_questions_whatever_its_length(browse, mia, queries):
    browser = browse(mia)
    browser.get(LIST)
    with queries() as two:
        browser.get(LIST)
    for number in range(20):
        add_partner(Profile(name=f"Quay {number}", country="DE", manager=mia), actor=mia)
    with queries() as many:
        page = browser.get(LIST)
    assert "Quay 7" in page.content.decode()
    assert len(many) == len(two) <= 12


def test_a_partner_is_added_with_its_manager_preselected(browse, mia):
    browser = browse(mia)
    assert f'value="{mia.pk}" selected' in browser.get(f"{LIST}add/").content.decode()
    answer = browser.post(
        f"{LIST}add/",
        {
            "name": "Quay",
            "country": "DE",
            "website": "https://www.Quay.example/de",
            "manager": mia.pk,
        },
    )
    partner = Partner.objects.get(name="Quay")
    assert (answer.status_code, answer["Location"]) == (303, f"{LIST}{partner.reference}/")
    assert (partner.website, partner.manager) == ("quay.example", mia)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "", "country": "DE"}, "This field is required."),
        ({"name": "x" * 50_000, "country": "DE"}, "at most 120 characters"),
        ({"name": "Quay", "country": "ZZ"}, "Select a valid choice."),
        ({"name": "harbor", "country": "DE"}, "This name is taken."),
        ({"name": "Quay", "country": "DE", "website": "not a site"}, "Enter a website like"),
        ({"name": "Quay", "country": "DE", "website": "a@b.example"}, "Enter a website like"),
        ({"name": "Quay", "country": "DE", "manager": "999999"}, "Select a valid choice."),
    ],
)
def test_a_mistake_comes_back_beside_its_field(browse, mia, values, words):
    page = browse(mia).post(f"{LIST}add/", values)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert Partner.objects.count() == 2


def test_a_partner_is_edited_and_its_timeline_says_so(browse, mia):
    browser = browse(mia)
    assert browser.get(f"{HARBOR}edit/").status_code == 200
    answer = browser.post(f"{HARBOR}edit/", {"name": "Harbor Group", "country": "CA"})
    assert (answer.status_code, answer["Location"]) == (303, HARBOR)
    page = browser.get(HARBOR).content.decode()
    assert "Partner edited" in page
    assert "Country: United States → Canada" in page
    assert "Name: Harbor → Harbor Group" in page


def test_what_a_partner_holds_stays_on_offer_after_it_was_retired(browse, ada, harbor):
    place, line = Territory.objects.get(code="na"), ProductLine.objects.get(code="crm")
    harbor.territories.set([place])
    harbor.product_lines.set([line])
    retire_entry(place, actor=ada)
    retire_entry(line, actor=ada)
    form = browse(ada).get(f"{HARBOR}edit/").context["form"]
    assert place in form.fields["territories"].queryset
    assert line in form.fields["product_lines"].queryset
    fresh = browse(ada).get(f"{LIST}add/").context["form"]
    assert place not in fresh.fields["territories"].queryset
    values = {"name": "Harbor", "country": "US", "territories": [place.pk], "product_lines": []}
    assert browse(ada).post(f"{HARBOR}edit/", values).status_code == 303
    assert list(harbor.territories.all()) == [place]
    assert not harbor.product_lines.exists()


def test_a_partnership_ends_after_a_question_and_reopens(browse, mia, pat):
    browser = browse(mia)
    assert "withdrawn" in browser.get(f"{HARBOR}end/").content.decode()
    assert browser.post(f"{HARBOR}end/", {"reason": "Moved on"}).status_code == 303
    page = browser.get(HARBOR).content.decode()
    assert "This partnership has ended" in page
    assert f"{HARBOR}invite/" not in page
    assert browse(pat).get("/partner/").status_code == 403
    edited = browser.post(f"{HARBOR}edit/", {"name": "Harbor", "country": "CA"})
    assert edited.status_code == 422
    assert "Reopen it first" in edited.content.decode()
    taken = browser.post(f"{LIST}add/", {"name": "Harbor", "country": "US"})
    assert "reopen it instead" in taken.content.decode()
    assert browser.post(f"{HARBOR}reopen/").status_code == 303
    assert browse(pat).get("/partner/").status_code == 200


@pytest.mark.parametrize(("who", "base"), [("mia", HARBOR), ("paula", "/partner/")])
def test_people_are_invited_again_and_withdrawn_from_either_side(
    browse, request, who, base, harbor
):
    browser = browse(request.getfixturevalue(who))
    assert browser.get(f"{base}invite/").status_code == 200
    values = {"name": "New Person", "email": "New@Harbor.example", "role": "SELLER"}
    answer = browser.post(f"{base}invite/", values)
    assert (answer.status_code, answer["Location"]) == (303, base)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.organisation) == ("new@harbor.example", harbor.uid)
    page = browser.get(base).content.decode()
    assert "new@harbor.example" in page
    link = f"{base}invitations/{invitation.uid}/"
    assert browser.post(f"{link}resend/").status_code == 303
    assert browser.post(f"{link}withdraw/").status_code == 303
    assert "new@harbor.example" not in browser.get(base).content.decode().split('role="status"')[-1]
    assert browser.post(f"{link}withdraw/").status_code == 404


@pytest.mark.parametrize(("who", "base"), [("mia", HARBOR), ("paula", "/partner/")])
def test_a_role_is_changed_and_a_person_removed_from_either_side(browse, request, who, base):
    browser = browse(request.getfixturevalue(who))
    url = person_url(base, "pat@harbor.example")
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"role": "PARTNER_ADMINISTRATOR"})["Location"] == base
    assert (
        Membership.objects.get(user__email="pat@harbor.example").role == Role.PARTNER_ADMINISTRATOR
    )
    assert browser.post(f"{url}remove/").status_code == 303
    assert "Removed" in browser.get(base).content.decode()
    assert browser.post(f"{url}restore/").status_code == 303
    assert User.objects.get(email="pat@harbor.example").is_active
    assert browser.post(url, {"role": "ADMINISTRATOR"}).status_code == 422


def test_the_vendor_hears_why_an_address_cannot_be_invited_but_a_rival_does_not(
    browse, mia, paula, sue, summit
):
    invite_person(summit, email="open@summit.example", name="Open", role=Role.SELLER, actor=mia)
    values = {"name": "Spy", "role": "SELLER"}
    answers = {}
    for email in ("sam@summit.example", "open@summit.example", "ada@acme.example"):
        page = browse(paula).post("/partner/invite/", {**values, "email": email})
        assert page.status_code == 422
        answers[email] = page.content.decode().replace(email, "")
        assert "This address cannot be invited." in answers[email]
    told = browse(mia).post(f"{HARBOR}invite/", {**values, "email": "sam@summit.example"})
    assert "signs in with this address already" in told.content.decode()
    told = browse(mia).post(f"{HARBOR}invite/", {**values, "email": "open@summit.example"})
    assert "open invitation" in told.content.decode()


def test_a_rival_s_people_and_invitations_are_not_there(browse, paula, mia, summit):
    invitation = invite_person(
        summit, email="new@summit.example", name="N", role=Role.SELLER, actor=mia
    )
    browser = browse(paula)
    sam = person_url("/partner/", "sam@summit.example")
    assert browser.get(sam).status_code == 404
    assert browser.post(sam, {"role": "SELLER"}).status_code == 404
    assert browser.post(f"{sam}remove/").status_code == 404
    link = f"/partner/invitations/{invitation.uid}/"
    assert browser.post(f"{link}withdraw/").status_code == 404
    assert browser.post(f"{link}resend/").status_code == 404
    assert "Summit" not in browser.get("/partner/").content.decode()


def test_a_seller_sees_colleagues_but_changes_nothing(browse, pat):
    browser = browse(pat)
    page = browser.get("/partner/").content.decode()
    assert "paula@harbor.example" in page
    assert "/partner/invite/" not in page
    assert browser.get("/partner/invite/").status_code == 403
    assert browser.get(person_url("/partner/", "paula@harbor.example")).status_code == 403


@pytest.mark.parametrize("who", ["ada", "mia", "ana", "lea"])
def test_others_have_no_organisation_of_their_own(browse, request, who):
    assert browse(request.getfixturevalue(who)).get("/partner/").status_code == 404


def test_the_last_administrator_keeps_the_role(browse, paula):
    browser = browse(paula)
    url = person_url("/partner/", "paula@harbor.example")
    page = browser.post(url, {"role": "SELLER"})
    assert page.status_code == 422
    assert "a partner needs at least one" in page.content.decode()
    assert f"{url}remove/" not in browser.get(url).content.decode()


def test_no_address_holds_a_serial_id(harbor):
    assert reverse("partners:manage-detail", args=[harbor.reference]) == HARBOR
