"""Countries by code and name."""

import pytest
from django.utils import translation

from prm import countries


def test_parse_reads_names_codes_and_nicknames():
    assert countries.parse("Germany, at\nSwitzerland; UK, USA") == ["AT", "CH", "DE", "GB", "US"]


def test_parse_reads_the_reader_s_language_beside_english():
    with translation.override("de"):
        assert countries.parse("Österreich, Germany, frankreich") == ["AT", "DE", "FR"]


def test_parse_names_what_is_no_country():
    with pytest.raises(countries.CountriesUnknown) as unknown:
        countries.parse("Germany, Atlantis, EU")
    assert unknown.value.words == ["Atlantis", "EU"]


def test_parse_reads_what_spell_writes():
    codes = [code for code, _name in countries.choices()]
    assert countries.parse(countries.spell(codes).replace("Hong Kong SAR China", "HK")) == sorted(
        codes
    )


def test_names_follow_the_language_and_sort_without_accents():
    assert countries.name_of("DE") == "Germany"
    assert countries.name_of("QQ") == "QQ"
    with translation.override("de"):
        names = [name for _code, name in countries.choices()]
        assert names.index("Ägypten") < names.index("Belgien")
