"""Well-known short forms: planted among the names, each must come in the first three."""

from typing import Any

from benchmarks.matching.engine import Found
from companies import matching

FIRST = 3
PLANTED = (
    ("IBM", "International Business Machines Corporation"),
    ("I.B.M.", "International Business Machines Corporation"),
    ("HPE", "Hewlett Packard Enterprise Company"),
    ("P&G", "The Procter & Gamble Company"),
    ("AMD", "Advanced Micro Devices, Inc."),
    ("J&J", "Johnson & Johnson"),
    ("GE", "General Electric Company"),
    ("AT&T", "American Telephone and Telegraph Company"),
    ("BASF", "Badische Anilin- und Soda-Fabrik"),
    ("SAP", "Systeme, Anwendungen und Produkte in der Datenverarbeitung"),
    ("BMW", "Bayerische Motoren Werke AG"),
    ("VW", "Volkswagen AG"),
    ("GSK", "GlaxoSmithKline plc"),
    ("UPS", "United Parcel Service, Inc."),
    ("GM", "General Motors Company"),
    ("TSMC", "Taiwan Semiconductor Manufacturing Company Limited"),
    ("NASA", "National Aeronautics and Space Administration"),
    ("CERN", "European Organization for Nuclear Research"),
    ("MIT", "Massachusetts Institute of Technology"),
    ("3M", "Minnesota Mining and Manufacturing Company"),
)
NAMES = tuple(dict.fromkeys(name for _, name in PLANTED))


def check(search: Found) -> dict[str, Any]:
    """The place of each planted name for its short form (0: not among ten), and whether all hold."""
    places = {}
    for short, name in PLANTED:
        wanted = matching.compact_of(name)
        found = [matching.compact_of(raw) for raw, _ in search(short)]
        places[short] = found.index(wanted) + 1 if wanted in found else 0
    return {
        "places": places,
        "top_3": sum(0 < place <= FIRST for place in places.values()) / len(places),
        "all": all(0 < place <= FIRST for place in places.values()),
    }
