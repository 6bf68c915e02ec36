"""Agreements and acceptances: drafting, publishing, who may accept, and what is kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from notifications.models import Notice
from partners import receipts, services
from partners.enums import Gate, RequiredOf
from partners.models import Acceptance
from partners.services import Draft
from prm import clock, due, events
from prm.events import Event
from prm.receipts import verify
from registrations import services as registrations
from tests.partners.terms import TEXT, publish, sign
from tests.registrations.conftest import make_draft


def told(kind="partners.terms_published"):
    rows = Notice.objects.filter(kind=kind).exclude(state__in=["CANCELLED", "SUPERSEDED"])
    return sorted(rows.values_list("email", flat=True))


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def last():
    return Event.objects.order_by("id").last()


@pytest.mark.parametrize("who", ["mia", "fin", "ana", "paula", "nadia"])
def test_only_administrators_and_legal_write(request, lex, who):
    actor = request.getfixturevalue(who)
    agreement = services.add_agreement(title="Terms", actor=lex)
    version = services.save_draft(agreement, Draft({"en": TEXT}), actor=lex)
    for write in (
        lambda: services.add_agreement(title="T", actor=actor),
        lambda: services.rename_agreement(agreement, title="T", actor=actor),
        lambda: services.save_draft(agreement, Draft({"en": "x"}), actor=actor),
        lambda: services.publish_version(version, actor=actor),
        lambda: services.discard_agreement_draft(version, actor=actor),
        lambda: services.retire_agreement(agreement, actor=actor),
        lambda: services.restore_agreement(agreement, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            write()


def test_a_draft_changes_until_it_is_published_and_then_never(ada):
    agreement = services.add_agreement(title=" Partner  Terms ", words={"de": "Bed"}, actor=ada)
    assert (agreement.title, agreement.words) == ("Partner Terms", {"de": "Bed"})
    version = services.save_draft(agreement, Draft({"en": "One"}), actor=ada)
    same = services.save_draft(agreement, Draft({"en": "Two", "de": " "}), actor=ada)
    assert (same.pk, same.number, same.texts) == (version.pk, 1, {"en": "Two\n"})
    version = services.publish_version(same, actor=ada)
    assert version.digests == {"en": services.digest_of("Two\n")}
    assert last().data["texts"] == version.digests
    for write in (services.publish_version, services.discard_agreement_draft):
        with pytest.raises(services.AgreementRefused, match="never changes"):
            write(version, actor=ada)
    for change in ("UPDATE partners_agreementversion SET texts = '{}'",
                   "DELETE FROM partners_agreementversion"):  # fmt: skip
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            run(change)
    following = services.save_draft(agreement, Draft({"en": "Three"}), actor=ada)
    assert following.number == 2
    services.discard_agreement_draft(following, actor=ada)
    assert agreement.versions.count() == 1


def test_saving_the_same_draft_records_nothing(ada):
    agreement = services.add_agreement(title="T", actor=ada)
    services.save_draft(agreement, Draft({"en": "One"}), actor=ada)
    before = Event.objects.count()
    services.save_draft(agreement, Draft({"en": "One"}), actor=ada)
    services.rename_agreement(agreement, title="T", actor=ada)
    assert Event.objects.count() == before
    assert services.rename_agreement(agreement, title="U", actor=ada).title == "U"


@pytest.mark.parametrize(
    "draft",
    [
        Draft({}),
        Draft({"en": "  "}),
        Draft({"fr": "Bonjour"}),
        Draft({"en": "x" * 200_001}),
        Draft({"en": "x"}, required_of=RequiredOf.TERRITORIES),
        Draft({"en": "x"}, required_of=RequiredOf.TERRITORIES, territories=["moon"]),
        Draft({"en": "x"}, required_of=RequiredOf.COUNTRIES),
        Draft({"en": "x"}, required_of=RequiredOf.COUNTRIES, countries=["ZZ"]),
    ],
)
def test_a_draft_that_cannot_be_is_refused(ada, draft):
    agreement = services.add_agreement(title="T", actor=ada)
    with pytest.raises(services.AgreementRefused):
        services.save_draft(agreement, draft, actor=ada)


def test_what_cannot_be_published_is_refused(ada):
    with pytest.raises(services.AgreementRefused):
        services.add_agreement(title=" ", actor=ada)
    with pytest.raises(services.AgreementRefused, match="own language"):
        publish(ada, texts={"de": "Nur deutsch"})
    with pytest.raises(services.AgreementRefused, match="not begun"):
        publish(ada, effective_at=clock.now() - timedelta(days=1))
    version = publish(ada, effective_at=clock.now() + timedelta(days=9))
    with pytest.raises(services.AgreementRefused, match="later than that"):
        publish(ada, agreement=version.agreement)
    services.retire_agreement(version.agreement, actor=ada)
    with pytest.raises(services.AgreementRefused, match="retired"):
        publish(ada, agreement=version.agreement)


def test_retiring_stops_a_draft_from_being_published(ada):
    agreement = services.add_agreement(title="T", actor=ada)
    draft = services.save_draft(agreement, Draft({"en": "x"}), actor=ada)
    services.retire_agreement(agreement, actor=ada)
    with pytest.raises(services.AgreementRefused, match="retired"):
        services.publish_version(draft, actor=ada)


def test_signers_and_administrators_are_told_at_once_and_a_week_ahead(lex, pat, paula, travel):
    pat.contact.change(signs=True)
    version = publish(lex, effective_at=clock.now() + timedelta(days=20))
    due.drain()
    everybody = ["pat@harbor.example", "paula@harbor.example", "sue@summit.example"]
    assert told() == everybody
    sign(version, paula)
    assert told() == ["sue@summit.example"]
    travel(days=14)
    due.drain()
    assert told() == ["sue@summit.example"] * 2


def test_nobody_is_told_of_what_was_retired(lex):
    version = publish(lex)
    services.retire_agreement(version.agreement, actor=lex)
    due.drain()
    assert told() == []


def test_accepting_keeps_the_evidence(lex, harbor, paula):
    version = publish(lex)
    given = sign(version, paula, " Paula   Principal ")
    event = Event.objects.get(code="terms.accepted")
    assert (given.partner, given.contact, given.typed_name) == (
        harbor, paula.contact, "Paula Principal",
    )  # fmt: skip
    assert given.text_digest == services.digest_of(TEXT + "\n") == event.data["text_digest"]
    assert (event.data["version"], event.data["signer"]) == (1, str(paula.contact.uid))
    assert given.event_digest == events.digest_now(event)
    assert event.detail.private["address"] == given.address == "192.0.2.7"
    assert told("partners.terms_accepted") == ["paula@harbor.example"]


def test_accepting_twice_is_once(lex, paula, pat):
    version = publish(lex)
    pat.contact.change(signs=True)
    assert sign(version, paula) == sign(version, pat, "Pat Seller")
    assert Event.objects.filter(code="terms.accepted").count() == 1


@pytest.mark.parametrize("name", ["", "Paula", "P ", " "])
def test_a_full_name_is_wanted(lex, paula, name):
    with pytest.raises(services.CannotAccept, match="full name"):
        sign(publish(lex), paula, name)


def test_without_authority_the_sentence_names_who_has_it(lex, pat, paula):
    version = publish(lex)
    with pytest.raises(services.NoAuthority, match="Paula Principal"):
        sign(version, pat)
    paula.contact.change(signs=False)
    with pytest.raises(services.NoAuthority, match="Nobody at Harbor"):
        sign(version, pat)


def test_nobody_accepts_for_somebody_else(lex, pat, paula):
    version = publish(lex)
    with pytest.raises(PermissionDenied):
        services.accept(version, paula.contact, "Paula Principal", "en", "", actor=pat)


def test_nobody_accepts_on_behalf(lex, paula, mia):
    version = publish(lex)
    paula.acted_by = mia
    with pytest.raises(services.OnBehalf):
        sign(version, paula)


def test_a_later_version_or_another_text_is_the_one_to_accept(lex, paula):
    version = publish(lex)
    publish(lex, agreement=version.agreement)
    with pytest.raises(services.Superseded):
        sign(version, paula)
    other = publish(lex)
    with pytest.raises(services.Superseded):
        sign_text(other, paula, "0" * 64)
    with pytest.raises(services.Superseded):
        services.accept(other, paula.contact, "Paula Principal", "de", "", actor=paula)


def sign_text(version, user, digest):
    return services.accept(
        version, user.contact, "Paula Principal", "en", "", actor=user, text_digest=digest
    )


def test_a_version_that_comes_may_be_accepted_ahead(lex, paula):
    version = publish(lex, effective_at=clock.now() + timedelta(days=5))
    assert sign(version, paula).version == version


def test_terms_that_are_not_in_use_are_not_accepted(lex, paula, harbor, mia):
    draft = services.save_draft(
        services.add_agreement(title="T", actor=lex), Draft({"en": "x"}), actor=lex
    )
    elsewhere = publish(lex, required_of=RequiredOf.COUNTRIES, countries=("DE",))
    retired = publish(lex)
    services.retire_agreement(retired.agreement, actor=lex)
    for version in (draft, elsewhere, retired):
        with pytest.raises(services.CannotAccept):
            sign(version, paula)
    version = publish(lex)
    services.end_partner(harbor, reason="", actor=mia)
    with pytest.raises(services.CannotAccept, match="ended"):
        sign(version, paula)


def test_an_acceptance_only_loses_its_personal_part(lex, paula):
    given = sign(publish(lex), paula)
    for change in ("SET reference = 'T-0'", "SET typed_name = 'Other'", "SET typed_name = ''"):
        with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
            run(f"UPDATE partners_acceptance {change}")
    with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
        Acceptance.objects.all()._raw_delete("default")
    Acceptance.objects.update(typed_name="", address=None)
    given.refresh_from_db()
    assert given.typed_name == ""


def test_registering_is_closed_until_the_terms_are_accepted(lex, pat, paula):
    version = publish(lex)
    draft = make_draft(pat, "Initech")
    with pytest.raises(registrations.GateClosed, match="Partner Terms") as refused:
        registrations.submit_registration(draft, actor=pat)
    assert refused.value.reasons[0].page.endswith("/v1/")
    sign(version, paula)
    assert registrations.submit_registration(draft, actor=pat).state == "SUBMITTED"


def test_terms_for_leads_only_do_not_close_registering(lex, pat):
    publish(lex, gates=(Gate.LEADS,))
    assert (
        registrations.submit_registration(make_draft(pat, "Initech"), actor=pat).state
        == "SUBMITTED"
    )


def test_a_receipt_is_genuine_with_both_parts_only(lex, paula):
    given = sign(publish(lex), paula)
    genuine = verify(given.reference.lower().replace("-", " "), given.event_digest.upper())
    assert genuine is not None
    assert genuine.sentence.startswith("Genuine: accepted by Harbor on ")
    assert dict(genuine.facts)["Digest of the text (SHA-256)"] == given.text_digest
    for reference, digest in (
        (given.reference, "0" * 64),
        (given.reference, given.event_digest[:-1]),
        (given.reference, ""),
        ("T-0000-0000", given.event_digest),
        ("X-0000-0000", "0" * 64),
        ("nonsense", "0" * 64),
        (given.reference, "ü"),
    ):
        assert verify(reference, digest) is None


def test_a_row_that_points_elsewhere_proves_nothing(lex, paula, sue):
    version = publish(lex)
    one, other = sign(version, paula), sign(version, sue, "Sue Principal")
    assert verify(one.reference, other.event_digest) is None
    assert receipts.find("T-0000-0000") is None
