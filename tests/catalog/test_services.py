"""Every change of the catalog: who may, what is refused, what is recorded."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from catalog import services
from catalog.enums import Kind
from catalog.models import MODELS, Industry, ProductLine, Territory, kind_of
from prm.events.models import Event


def lines():
    return [line.code for line in ProductLine.objects.active()]


def add(name, ada, kind=Kind.PRODUCT_LINES, **values):
    return services.add_entry(kind, name=name, actor=ada, **values)


@pytest.mark.parametrize("who", ["mia", "fin", "lex", "ana", "nadia", "pat", "lea"])
def test_only_an_administrator_changes_the_catalog(db, request, who):
    actor = request.getfixturevalue(who)
    line = ProductLine.objects.get(code="crm")
    for change in (
        lambda: services.add_entry(Kind.INDUSTRIES, name="Retail", actor=actor),
        lambda: services.edit_entry(line, name="CRM", actor=actor),
        lambda: services.retire_entry(line, actor=actor),
        lambda: services.restore_entry(line, actor=actor),
        lambda: services.move_entry(line, up=False, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert not Event.objects.filter(code__startswith="catalog.").exists()


def test_an_entry_is_added_at_the_end_with_a_code_of_its_own(ada):
    ProductLine.objects.update(position=4)
    first = add("  Edge   Gateway ", ada, words={"de": "Edge-Gateway", "en": ""})
    assert (first.name, first.code, first.position) == ("Edge Gateway", "edge-gateway", 5)
    assert first.words == {"de": "Edge-Gateway"}
    second = add("Edge, Gateway!", ada)
    assert second.code == "edge-gateway-2"
    event = Event.objects.select_related("detail").get(target_uid=first.uid)
    assert (event.code, event.data) == ("catalog.entry_added", {"entry": "edge-gateway"})
    assert event.detail.private == {"name": "Edge Gateway"}


def test_an_entry_in_another_script_still_has_a_code(ada):
    assert add("電子機器", ada, Kind.INDUSTRIES).code == "entry"


@pytest.mark.parametrize("name", ["CRM Suite", "crm suite", " CRM  SUITE "])
def test_a_name_is_used_once_per_kind(ada, name):
    with pytest.raises(services.NameTaken) as taken:
        add(name, ada)
    assert taken.value.entry.code == "crm"
    assert add(name, ada, Kind.INDUSTRIES).pk


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_name_that_cannot_be_shown_is_refused(ada, name):
    with pytest.raises(services.EntryRefused):
        add(name, ada)


def test_renaming_keeps_code_and_position(ada):
    line = ProductLine.objects.get(code="crm")
    services.edit_entry(line, name="CRM Cloud", words={"de": "CRM-Wolke"}, actor=ada)
    line.refresh_from_db()
    assert (line.name, line.code, line.position) == ("CRM Cloud", "crm", 0)
    event = Event.objects.select_related("detail").get(code="catalog.entry_edited")
    assert event.data == {"entry": "crm"}
    assert event.detail.private == {
        "changes": {
            "name": ["CRM Suite", "CRM Cloud"],
            "words": [["de: CRM Suite (de)"], ["de: CRM-Wolke"]],
        }
    }


def test_saving_an_entry_unchanged_records_nothing(ada):
    line = ProductLine.objects.get(code="crm")
    services.edit_entry(line, name="CRM Suite", words={"de": "CRM Suite (de)"}, actor=ada)
    assert not Event.objects.exists()


def test_an_entry_may_change_the_case_of_its_own_name(ada):
    line = ProductLine.objects.get(code="crm")
    assert services.edit_entry(line, name="crm suite", actor=ada).name == "crm suite"


def test_a_territory_has_countries_in_order(ada):
    place = add("Nordics", ada, Kind.TERRITORIES, country_codes=["SE", "DK", "SE"])
    assert isinstance(place, Territory)
    assert place.countries == ["DK", "SE"]
    services.edit_entry(place, name="Nordics", country_codes=["DK", "FI"], actor=ada)
    event = Event.objects.get(code="catalog.entry_edited")
    assert event.data["changes"] == {"countries": [["DK", "SE"], ["DK", "FI"]]}


@pytest.mark.parametrize("codes", [[], ["ZZ"], ["de"], ["DE", "EU"]])
def test_a_territory_without_real_countries_is_refused(ada, codes):
    with pytest.raises(services.EntryRefused):
        add("Somewhere", ada, Kind.TERRITORIES, country_codes=codes)


def test_a_retired_entry_leaves_the_choices_and_comes_back(ada):
    line = ProductLine.objects.get(code="crm")
    services.retire_entry(line, actor=ada)
    services.retire_entry(line, actor=ada)
    assert "crm" not in lines()
    services.restore_entry(line, actor=ada)
    services.restore_entry(line, actor=ada)
    assert "crm" in lines()
    assert [event.code for event in Event.objects.order_by("id")] == [
        "catalog.entry_retired",
        "catalog.entry_restored",
    ]


def test_moving_swaps_neighbours_and_skips_retired_ones(ada):
    for position, code in enumerate(["crm", "erp", "bi"]):
        ProductLine.objects.filter(code=code).update(position=position)
    services.retire_entry(ProductLine.objects.get(code="erp"), actor=ada)
    services.move_entry(ProductLine.objects.get(code="bi"), up=True, actor=ada)
    assert lines() == ["bi", "crm"]
    services.move_entry(ProductLine.objects.get(code="bi"), up=True, actor=ada)
    services.move_entry(ProductLine.objects.get(code="crm"), up=False, actor=ada)
    services.move_entry(ProductLine.objects.get(code="erp"), up=False, actor=ada)
    assert lines() == ["bi", "crm"]
    assert Event.objects.filter(code="catalog.entry_moved").count() == 1


def test_moving_among_equal_positions_follows_the_order_shown(ada):
    ProductLine.objects.update(position=0)
    assert lines() == ["crm", "erp", "bi"]
    services.move_entry(ProductLine.objects.get(code="erp"), up=False, actor=ada)
    assert lines() == ["crm", "bi", "erp"]


def test_a_label_follows_the_reader_and_falls_back(db):
    line = ProductLine.objects.get(code="crm")
    with translation.override("de"):
        assert line.label == "CRM Suite (de)"
    with translation.override("fr"):
        assert str(line) == "CRM Suite"


def test_every_kind_has_its_model():
    assert set(MODELS) == set(Kind)
    assert kind_of(Industry()) == Kind.INDUSTRIES


@pytest.mark.constraints
@pytest.mark.parametrize("model", MODELS.values())
def test_the_database_keeps_names_apart_whatever_their_case(db, model):
    model.objects.create(code="one", name="Twice")
    with pytest.raises(IntegrityError, match="is used once"), transaction.atomic():
        model.objects.create(code="two", name="TWICE")
    with pytest.raises(IntegrityError, match="is not empty"), transaction.atomic():
        model.objects.create(code="three", name="")
