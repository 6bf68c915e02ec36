"""Opening hours as people type them."""

from datetime import time

import pytest

from prm.portal import hours


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("   ", ()),
        ("09:00-17:00", ((time(9), time(17)),)),
        ("9-17", ((time(9), time(17)),)),
        ("0900-1730", ((time(9), time(17, 30)),)),
        ("9.30 - 12.00; 13h15-17h45", ((time(9, 30), time(12)), (time(13, 15), time(17, 45)))),
        ("13:30-17:00, 09:00-12:30", ((time(9), time(12, 30)), (time(13, 30), time(17)))),
        ("08:00–12:00", ((time(8), time(12)),)),
        ("00:00-24:00", ((time(0), time(0)),)),
        ("20:00-00:00", ((time(20), time(0)),)),
        ("9-12 and 13-17", ((time(9), time(12)), (time(13), time(17)))),
    ],
)
def test_parse_reads_what_people_type(text, spans):
    assert hours.parse(text) == spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("whenever", "Enter hours like"),
        ("9", "Enter hours like"),
        ("25:00-26:00", "25:00 is not a time of day."),
        ("09:61-12:00", "09:61 is not a time of day."),
        ("12:00-09:00", "09:00 is not after 12:00."),
        ("09:00-09:00", "09:00 is not after 09:00."),
        ("09:00-12:00, 11:00-13:00", "Two spans overlap at 11:00."),
        ("09:00-24:00, 23:00-23:30", "Two spans overlap at 23:00."),
        (", ".join(f"{h}:00-{h}:30" for h in range(8, 16)), "Enter at most 6 spans a day."),
    ],
)
def test_parse_says_what_is_wrong(text, words):
    with pytest.raises(hours.HoursInvalid, match=words.replace(".", r"\.")):
        hours.parse(text)


@pytest.mark.parametrize("text", ["", "09:00-12:30, 13:30-17:00", "20:00-24:00"])
def test_spell_writes_what_parse_reads(text):
    assert hours.spell(hours.parse(text)) == text
