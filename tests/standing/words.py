"""Words that name a side: where one of them is read, its side's data is read.

Every text that somebody of a side types holds the side's word, so a leak is a word found where it must
not be. They are one lower-case run of letters each: they survive escaping, folding and matching.
"""

from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One tenant's words."""

    portal: str  # everybody of the tenant may read it
    staff: str  # the vendor's own people only
    own: str  # the first partner
    rival: str  # the second partner
    agent: str  # lead agents and staff: what is masked of a lead
    own_lead: str  # of the first partner's leads what it may read
    rival_lead: str  # of the second partner's


WORDS = {
    "acme": Words(
        "kwacmeportal", "kwacmestaff", "kwharbor", "kwsummit", "kwacmecaller", "kwanchor", "kwpeak"
    ),
    "globex": Words(
        "kwglobexportal",
        "kwglobexstaff",
        "kwhafen",
        "kwkontor",
        "kwglobexcaller",
        "kwanker",
        "kwspitze",
    ),
}


def of_tenant(schema: str) -> frozenset[str]:
    """Return every word of a tenant."""
    words = WORDS[schema]
    return frozenset(astuple(words))
