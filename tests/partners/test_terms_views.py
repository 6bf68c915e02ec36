"""Pages of profiles, agreements and terms, through the client."""

import pytest

from partners import services
from partners.models import Acceptance, AgreementVersion, Contact
from prm import documents
from tests.partners.terms import publish, sign


def page(response):
    return response.content.decode()


def accept_form(version, **more):
    digest = version.digests["en"]
    return {
        "typed_name": "Paula Principal",
        "may_sign": "on",
        "language": "en",
        "digest": digest,
        **more,
    }


def address(version):
    return f"/partner/profile/terms/{version.agreement.reference}/v{version.number}/"


def test_the_task_list_counts_and_links_for_administrators_only(harbor, paula, pat, browse):
    own = page(browse(paula).get("/partner/profile/"))
    assert "7 of 8 done" in own
    assert "Everything is still right" in own
    theirs = page(browse(pat).get("/partner/profile/"))
    assert "Everything is still right" not in theirs
    assert "/partner/profile/territories/" not in theirs


def test_stating_and_confirming(harbor, paula, browse):
    client = browse(paula)
    assert client.post("/partner/profile/territories/", {}).status_code == 303
    assert harbor.territories.count() == 0
    answer = client.post("/partner/profile/confirm/", follow=True)
    assert "First complete: Choose your territories." in page(answer)


@pytest.mark.parametrize("url", ["/partner/profile/hours/", "/manage/partners/P-TEST-0000/hours/"])
def test_hours_keep_what_was_typed_and_say_what_is_wrong(url, paula, mia, browse):
    client = browse(paula if url.startswith("/partner") else mia)
    answer = client.post(url, {"day_0": "nine to five", "zone": ""})
    assert answer.status_code == 422
    assert "nine to five" in page(answer)
    assert client.post(url, {"day_0": "09:00-17:00", "zone": "Asia/Tokyo"}).status_code == 303


def test_contacts_are_kept_from_both_sides(harbor, paula, mia, browse):
    form = {"name": "Otto Other", "email": "otto@harbor.example", "functions": ["SALES"]}
    assert browse(paula).post("/partner/profile/contacts/add/", form).status_code == 303
    again = browse(mia).post("/manage/partners/P-TEST-0000/contacts/add/", form)
    assert again.status_code == 422
    assert "Another contact has this address." in page(again)
    otto = Contact.objects.get(email="otto@harbor.example")
    url = f"/manage/partners/P-TEST-0000/contacts/{otto.uid}/"
    assert browse(mia).post(url, {**form, "signs": "on"}).status_code == 303
    otto.refresh_from_db()
    assert otto.signs
    assert browse(mia).post(f"{url}remove/").status_code == 303
    assert browse(mia).get(url).status_code == 404


def test_who_signs_in_is_not_removed_as_a_contact(pat, paula, browse):
    url = f"/partner/profile/contacts/{pat.contact.uid}/remove/"
    assert "remove the person instead" in page(browse(paula).post(url, follow=True))


def test_a_contact_of_an_ended_partner_stays(harbor, mia, browse):
    services.end_partner(harbor, reason="", actor=mia)
    contact = Contact.objects.filter(partner=harbor).first()
    client, url = browse(mia), f"/manage/partners/P-TEST-0000/contacts/{contact.uid}/"
    form = {"functions": ["SALES"]}
    Contact.objects.filter(pk=contact.pk).update(user=None)
    full = {**form, "name": "N", "email": "n@n.example"}
    assert "Reopen it first" in page(client.post(url, full))
    assert "Reopen it first" in page(client.post(f"{url}remove/", follow=True))


def test_the_rule_is_changed_and_refused_in_words(ada, browse):
    client = browse(ada)
    good = {"valid_days": "90", "announce_days": "7, 30"}
    assert client.post("/settings/profiles/", good).status_code == 303
    assert 'value="30, 7"' in page(client.get("/settings/profiles/"))
    for wrong in ("soon", "90", "1,2,3,4,5"):
        answer = client.post("/settings/profiles/", {**good, "announce_days": wrong})
        assert answer.status_code == 422


def test_writing_previewing_and_publishing(lex, ana, browse):
    client = browse(lex)
    made = client.post("/manage/agreements/add/", {"title": "Terms", "word_de": "Bedingungen"})
    reference = made["Location"].split("/")[3]
    base = f"/manage/agreements/{reference}/"
    wrong = client.post(f"{base}draft/", {"text_en": "x", "required_of": "TERRITORIES"})
    assert "Choose at least one territory." in page(wrong)
    wrong = client.post(f"{base}draft/", {"text_en": " ", "required_of": "COUNTRIES"})
    assert "Name at least one country." in page(wrong)
    good = {"text_en": "# Hi\r\n\r\nYou", "required_of": "TERRITORIES", "territories": ["na"]}
    assert client.post(f"{base}draft/", good).status_code == 303
    shown = page(client.get(f"{base}draft/preview/"))
    assert "<h2>Hi</h2>" in shown
    assert "Partners in North America" in shown
    late = client.post(f"{base}draft/preview/", {"effective_on": "2001-01-01"})
    assert "Choose a day after today" in page(late)
    assert client.post(f"{base}draft/preview/", {"effective_on": "2040-01-01"}).status_code == 303
    version = AgreementVersion.objects.get()
    assert version.texts == {"en": "# Hi\n\nYou\n"}
    assert page(browse(ana).get(f"{base}versions/1/")).count(version.digests["en"]) == 1
    assert client.get(f"{base}draft/preview/").status_code == 404
    assert client.post(f"{base}rename/", {"title": "Other"}).status_code == 303
    assert client.post(f"{base}retire/").status_code == 303
    assert "nobody has to accept it" in page(client.get(base))


def test_who_has_accepted_as_a_page_and_as_a_file(lex, mia, paula, browse):
    version = publish(lex)
    sign(version, paula)
    url = f"/manage/agreements/{version.agreement.reference}/versions/1/partners/"
    missing = page(browse(mia).get(f"{url}?state=missing"))
    assert "Summit" in missing
    assert "Harbor" not in missing
    file = browse(mia).get(f"{url}?state=accepted&export=csv").getvalue().decode()
    assert "Harbor" in file
    assert "Summit" not in file


def test_reading_and_accepting(lex, paula, browse):
    version, client = publish(lex), browse(paula)
    shown = page(client.get(address(version)))
    assert version.digests["en"] in shown
    assert "I may sign for Harbor" in shown
    refused = client.post(address(version), accept_form(version, may_sign=""))
    assert refused.status_code == 422
    assert 'value="Paula Principal"' in page(refused)
    done = client.post(address(version), accept_form(version), REMOTE_ADDR="203.0.113.5")
    given = Acceptance.objects.get()
    assert done["Location"] == f"/partner/profile/terms/accepted/{given.reference}/"
    assert given.address == "203.0.113.5"
    again = client.post(address(version), accept_form(version), follow=True)
    assert "has accepted this version already" in page(again)
    assert Acceptance.objects.count() == 1


def test_whoever_may_not_sign_reads_who_may(lex, pat, browse):
    version, client = publish(lex), browse(pat)
    assert "These people may accept it: Paula Principal" in page(client.get(address(version)))
    refused = client.post(address(version), accept_form(version))
    assert refused.status_code == 422
    assert "You have no signing authority at Harbor." in page(refused)


def test_an_older_version_leads_to_the_newer_one(lex, paula, browse):
    first = publish(lex)
    publish(lex, agreement=first.agreement)
    client = browse(paula)
    assert "A newer version has taken its place." in page(client.get(address(first)))
    refused = client.post(address(first), accept_form(first))
    assert refused.status_code == 422
    assert "A newer version has taken its place." in page(refused)


def test_a_text_is_read_in_the_readers_language(lex, paula, browse):
    version = publish(lex, texts={"en": "English words", "de": "Deutsche Worte"})
    client = browse(paula)
    assert "English words" in page(client.get(address(version)))
    assert "Deutsche Worte" in page(client.get(f"{address(version)}?language=de"))
    assert "English words" in page(client.get(f"{address(version)}?language=fr"))


def test_terms_of_other_countries_are_not_there(lex, paula, browse):
    version = publish(lex, required_of="COUNTRIES", countries=("DE",))
    assert browse(paula).get(address(version)).status_code == 404


def test_a_receipt_is_the_partners_and_the_staffs(lex, paula, sam, fin, browse, monkeypatch):
    given = sign(publish(lex), paula)
    url = f"/receipts/{given.reference}.pdf"
    assert browse(paula).get(url).content.startswith(b"%PDF-")
    assert browse(fin).get(url)["Content-Type"] == "application/pdf"
    assert browse(sam).get(url).status_code == 404

    def fail(*args, **kwargs):
        raise documents.DocumentFailed("Too large.")

    monkeypatch.setattr(documents, "render", fail)
    failed = browse(fin).get(url)
    assert failed.status_code == 503
    assert "Too large." in page(failed)


def test_registering_says_so_before_somebody_types(lex, pat, browse):
    publish(lex)
    shown = page(browse(pat).get("/deals/new/"))
    assert "Registering deals: closed" in shown
    assert "“Partner Terms” has not been accepted." in shown
