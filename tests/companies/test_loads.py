"""Lists of companies: check, load, undo; what happens to each row and why."""

import pytest
from django.core.exceptions import PermissionDenied

from companies import services
from companies.enums import LoadState
from companies.loads.columns import guess
from companies.models import Company, CompanyLoad, LoadRow
from companies.services import loads
from prm import due
from prm.events import timeline
from prm.uploads import UploadRefused
from tests.companies.lists import HEADER, checked, counts, loaded, outcomes, upload


@pytest.fixture
def initech(mia):
    return services.add_company(
        name="Initech GmbH", country="DE", domains=["initech.example"], actor=mia
    )


# --- upload and columns ---------------------------------------------------------------------------


def test_header_is_guessed():
    header = ["Firma", "Webseite", "Land", "PLZ", "Kundennummer", "Umsatz", "Straße"]
    assert guess(header) == {
        "name": 0, "domains": 1, "country": 2, "external_id": 4, "street": 6, "postcode": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        ("Name;Stadt\nMüller;Köln\n".encode("cp1252"), "Windows-1252"),
        ("Name\nX\n".encode("utf-16"), "UTF-16"),
        (b"Name\n\x00\x01\n", "no table"),
        (b"<html><table>", "no table"),
        (b"%PDF-1.7\n\xe2\xe3", "Windows-1252"),
    ],
)
def test_other_files_are_refused_with_a_sentence(mia, content, words):
    with pytest.raises(UploadRefused) as refused:
        loads.start_load(upload(content), actor=mia)
    assert words in str(refused.value.text)
    assert not CompanyLoad.objects.exists()


@pytest.mark.parametrize("content", ["Name\n", "\n\n\n", ",".join("x" * 61) + "\na\n", 'Name\n"a'])
def test_a_list_without_rows_is_refused(mia, content):
    with pytest.raises(loads.LoadUnusable):
        loads.start_load(upload(content), actor=mia)


@pytest.mark.parametrize("person", ["pat", "fin", "ana", "lea", "nadia"])
def test_only_channel_managers_and_administrators_load(request, person, mia):
    actor = request.getfixturevalue(person)
    load = loads.start_load(upload("Name\nHooli\n"), actor=mia)
    for step in (
        lambda: loads.start_load(upload("Name\nHooli\n"), actor=actor),
        lambda: loads.map_columns(load, {"name": 0}, actor=actor),
        lambda: loads.begin_loading(load, actor=actor),
        lambda: loads.discard_load(load, actor=actor),
        lambda: loads.begin_undo(load, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            step()


@pytest.mark.parametrize("mapping", [{}, {"domains": 0}, {"name": 7}, {"name": 0, "city": 0}])
def test_a_mapping_that_makes_no_sense_is_refused(mia, mapping):
    load = loads.start_load(upload("Name,City\nHooli,Bonn\n"), actor=mia)
    with pytest.raises(loads.LoadUnusable):
        loads.map_columns(load, mapping, actor=mia)


def test_the_same_header_is_mapped_as_before(mia):
    first = loads.start_load(upload("Wer,Wo\nHooli,DE\n"), actor=mia)
    assert first.mapping == {}
    loads.map_columns(first, {"name": 0, "country": 1}, actor=mia)
    second = loads.start_load(upload("Wer,Wo\nX,DE\n"), actor=mia)
    assert second.mapping == {"name": 0, "country": 1}


# --- check ----------------------------------------------------------------------------------------


def test_checking_writes_no_company(mia, initech):
    before = list(Company.objects.values())
    load = checked(HEADER + "Hooli,,hooli.example,US,direct,,,,,\nInitech AG,,,DE,,,,,,\n", mia)
    assert counts(load) == (1, 0, 1, 0)
    assert list(Company.objects.values()) == before


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        (",,x.example,US,,,,,,", "no-name"),
        ("!!!,,,US,,,,,,", "bad-name"),
        (f"{'x' * 201},,,US,,,,,,", "bad-name"),
        (f"{'x' * 2001},,,US,,,,,,", "long-cell"),
        ("Hooli,,,Atlantis,,,,,,", "bad-country"),
        ("Hooli,,,DE;AT,,,,,,", "bad-country"),
        ("Hooli,,gmail.com,US,,,,,,", "shared-domain"),
        ("Hooli,,not a domain,US,,,,,,", "bad-domain"),
        ("Hooli,,,US,mine,,,,,", "bad-designation"),
        ("Hooli,,,US,,Alchemy,,,,", "bad-industry"),
        ("Hooli,,,DE,,,,DE129273399,,", "bad-number"),
        ("Hooli,,,DE,,,,DUNS: 12,,", "bad-number"),
        (f"Hooli,,,DE,,,,,{'9' * 65},", "bad-external-id"),
        (f"Hooli,,,DE,,,,,,{'x' * 121}", "bad-site"),
        ("Hooli,,,DE,,,,,,Bonn,extra", "too-many-cells"),
        ('Hooli,,,DE,,,,,,"Bonn', "unreadable"),
        ("=cmd|' /C calc'!A0,,gmail.com,US,,,,,,", "shared-domain"),
    ],
)
def test_a_row_that_cannot_be_loaded_says_why(mia, row, cause):
    load = checked(f"{HEADER}Fine Inc,,,US,,,,,,\n{row}\n", mia)
    assert outcomes(load) == [("CREATE", ""), ("ERROR", cause)]


def test_companies_are_found_by_hard_evidence_only(mia, initech):
    services.add_number(initech, "VAT", "DE 129 273 398", actor=mia)
    services.add_external_id(initech, "crm", "4711", actor=mia)
    load = checked(
        HEADER
        + "Someone,,initech.example,US,,,,,,\n"
        + "Else,,,US,,,,DE129273398,,\n"
        + "Other,,,US,,,,,4711,\n"
        + "INITECH,,,Germany,,,,,,\n"
        + "Initech,,,US,,,,,,\n"  # another country: looks like it, is not it
        + "Initek GmbH,,,DE,,,,,,\n",
        mia,
    )
    assert [row.company_id for row in load.entries.all()] == [initech.pk] * 4 + [None] * 2
    assert [outcome for outcome, _cause in outcomes(load)] == [
        "UPDATE", "UPDATE", "UPDATE", "SKIP", "CREATE", "CREATE",
    ]  # fmt: skip
    assert load.alike >= 1
    assert LoadRow.objects.filter(alike=initech).exists()


def test_evidence_that_leads_to_two_companies_is_no_evidence(mia, initech):
    other = services.add_company(name="Hooli", country="DE", actor=mia)
    services.add_external_id(other, "crm", "1", actor=mia)
    twin = services.add_company(name="Twin", country="DE", actor=mia)
    services.add_company(name="Twin AG", country="DE", actor=mia)
    load = checked(HEADER + "X,,initech.example,DE,,,,,1,\nTwin,,,DE,,,,,,\n", mia)
    assert [cause for _outcome, cause in outcomes(load)] == ["two-companies", "several-named-so"]
    assert not twin.is_merged


def test_a_second_row_about_a_new_company_adds_to_it(mia):
    text = HEADER + "Hooli,,hooli.example,US,,,,,,\nHooli XYZ,,hooli.example,US,,,,,,\n"
    load = loaded(text, mia)
    assert counts(load) == (1, 1, 0, 0)
    company = Company.objects.get()
    assert sorted(company.names.values_list("raw", flat=True)) == ["Hooli", "Hooli XYZ"]


# --- load -----------------------------------------------------------------------------------------


def test_everything_a_row_says_is_stored(mia, initech):
    text = (
        "Firma;Alias;Webseite;Land;Einstufung;Branche;Konzern;USt-Id;Kundennummer;Standort;Strasse;PLZ;Ort\n"
        "Hooli AG;Hooli Search;www.hooli.example;Deutschland;Direktkunde;Manufacturing;initech.example;"
        "DE 129273398;erp: 77;Werk;Weg 1;53111;Bonn\n"
    )
    load = loaded(text, mia)
    company = Company.objects.get(name="Hooli AG")
    assert (company.country, company.designation, company.standing) == (
        "DE", "VENDOR_DIRECT", "CONFIRMED",
    )  # fmt: skip
    assert company.industry.code == "manufacturing"
    assert company.parent == initech
    assert [str(row) for row in company.numbers.all()] == ["VAT DE129273398"]
    assert company.numbers.get().validated
    assert [str(row) for row in company.external_ids.all()] == ["erp: 77"]
    assert [str(row) for row in company.sites.all()] == ["Werk, Weg 1, 53111 Bonn"]
    assert {row.raw for row in company.names.all()} == {"Hooli AG", "Hooli Search"}
    assert [row.domain for row in company.domains.all()] == ["hooli.example"]
    assert [event.code for event in timeline(company)] == [
        "company.added",
        "company.parent_changed",
    ]
    assert (load.created_rows, load.failed_rows) == (1, 0)
    assert services.identify(name="HOOLI", country="DE", actor=mia) == company


def test_an_existing_company_gets_what_is_new(mia, initech):
    loaded(HEADER + "Initech,Initrode,initech.example other.example,DE,restricted,,,,9,Bonn\n", mia)
    initech.refresh_from_db()
    assert initech.designation == "RESTRICTED"
    assert {row.raw for row in initech.names.all()} == {"Initech GmbH", "Initrode"}
    assert [event.code for event in timeline(initech)][-1] == "company.listed"
    again = checked(
        HEADER + "Initech,Initrode,initech.example other.example,DE,restricted,,,,9,Bonn\n", mia
    )
    assert counts(again) == (0, 0, 1, 0)


def test_rows_by_different_evidence_add_to_one_company(mia, initech):
    services.add_external_id(initech, "crm", "4711", actor=mia)
    text = (
        HEADER
        + "One,,initech.example,US,,,,,,\nTwo,,,US,,,,,4711,\nThree,,initech.example,,,,,,4711,\n"
    )
    loaded(text, mia)
    assert {row.raw for row in initech.names.all()} == {"Initech GmbH", "One", "Two", "Three"}


@pytest.mark.parametrize(
    "row",
    [
        "Initech,,other.example,DE,,,,,,",
        "Initech,,,DE,,,,,5000,",
        "Initech,,,DE,,,,DUNS: 1111 11111,,",
    ],
)
def test_a_name_that_is_contradicted_means_another_company(mia, initech, row):
    services.add_external_id(initech, "crm", "4711", actor=mia)
    services.add_number(initech, "DUNS", "150483782", actor=mia)
    load = loaded(f"{HEADER}{row}\n", mia)
    assert (load.created_rows, Company.objects.count()) == (1, 2)
    assert load.alike == 1


def test_defaults_fill_what_rows_leave_out(mia):
    loaded("Name\nHooli\n", mia, designation="VENDOR_DIRECT", country="us")
    company = Company.objects.get()
    assert (company.designation, company.country) == ("VENDOR_DIRECT", "US")


def test_parents_may_come_later_in_the_list(mia):
    load = loaded(
        "Name,Parent,Country\nChild,Mother Corp,US\nMother Corp,,US\nLost,Nobody,US\n"
        "Mother Corp,Child,US\n",
        mia,
    )
    child, mother = Company.objects.get(name="Child"), Company.objects.get(name="Mother Corp")
    assert child.parent == mother
    assert mother.parent is None
    assert sorted(cause for _outcome, cause in outcomes(load) if cause) == ["parent-unknown"]


def test_what_happened_since_the_check_counts(mia):
    load = checked(HEADER + "Hooli,,hooli.example,US,,,,,,\n", mia)
    company = services.add_company(name="Hooli Inc", domains=["hooli.example"], actor=mia)
    loads.begin_loading(load, actor=mia)
    due.drain()
    assert list(Company.objects.all()) == [company]


def test_loading_twice_makes_nothing_twice(mia):
    text = HEADER + "".join(f"Company {n},,c{n}.example,US,,,,,{n},\n" for n in range(450))
    loaded(text, mia)
    assert Company.objects.count() == 450
    again = loaded(text, mia)
    assert Company.objects.count() == 450
    assert counts(again) == (0, 0, 450, 0)


def test_a_step_is_taken_once(mia):
    load = loaded("Name\nHooli\n", mia)
    for step in (loads.begin_loading, loads.discard_load):
        with pytest.raises(loads.LoadMoved):
            step(load, actor=mia)


def test_a_batch_that_fails_is_done_again_whole(mia, monkeypatch):
    """A worker that dies in the middle of a batch leaves nothing of it; the next one ends it."""
    text = HEADER + "".join(f"Company {n},,c{n}.example,US,,,,,{n},\n" for n in range(450))
    load = checked(text, mia)
    loads.begin_loading(load, actor=mia)
    from companies.services import load_writing

    monkeypatch.setattr(load_writing, "BATCH", 200)
    whole, calls = load_writing._finish, []

    def die(*args):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit("killed")
        whole(*args)

    monkeypatch.setattr(load_writing, "_finish", die)
    with pytest.raises(SystemExit):
        due.drain()
    assert Company.objects.count() == 200
    load.refresh_from_db()
    assert (load.state, load.done) == (LoadState.LOADING, 200)
    due.drain()
    load.refresh_from_db()
    assert (load.state, load.done, load.created_rows) == (LoadState.LOADED, 450, 450)
    assert Company.objects.count() == 450


# --- who designates -------------------------------------------------------------------------------


def test_a_list_beats_the_rules_and_a_person_beats_a_list(mia):
    ruled, said = (services.add_company(name=name, actor=mia) for name in ("Hooli", "Globex"))
    services.set_designation(said, "OPEN", actor=mia)
    load = loaded("Name,Status\nHooli,restricted\nGlobex,restricted\nNew,open\nPlain,\n", mia)
    stand = Company.objects.order_by("name").values_list(
        "name", "designation", "designation_source"
    )
    assert list(stand) == [
        ("Globex", "OPEN", "HAND"), ("Hooli", "RESTRICTED", "LIST"), ("New", "OPEN", "LIST"),
        ("Plain", "OPEN", "RULE"),
    ]  # fmt: skip
    assert counts(load) == (2, 1, 1, 0)
    assert ruled.pk


def test_a_list_that_says_what_a_rule_says_is_its_own_word(mia):
    services.add_company(name="Hooli", actor=mia)
    loaded("Name,Status\nHooli,open\n", mia)
    assert Company.objects.get().designation_source == "LIST"
