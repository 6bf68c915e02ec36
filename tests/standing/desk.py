"""The referee's desk of one tenant: cases to share, to split, that are twice, on hold; who is away."""

from datetime import timedelta
from typing import TYPE_CHECKING

from catalog.models import ProductLine
from prm import clock, portal
from registrations import services
from registrations.models import Decision
from tests.standing.deals import Deals

if TYPE_CHECKING:
    from tests.standing.seed import Story


def go_on(story: "Story") -> None:
    """Make the cases of both partners; `note` names what hangs on them."""
    for side, deals in story.deals.items():
        _of(deals, side)
    today = clock.today(portal.zone())
    absence = services.plan_absence(
        story.mia,
        today + timedelta(days=200),
        today + timedelta(days=210),
        deputy=story.ada,
        actor=story.ada,
    )
    story.keys["absence"] = str(absence.uid)
    story.keys["holiday"] = (today + timedelta(days=300)).isoformat()
    story.keys["tomorrow"] = (today + timedelta(days=1)).isoformat()
    story.keys["reviewer"] = str(story.mia.uid)


def note(story: "Story") -> None:
    """Name a decision per partner."""
    for side, deals in story.deals.items():
        made = Decision.objects.filter(registration=deals.rows["rejected"]).latest("pk")
        story.keys[f"{side}.decision"] = str(made.uid)


def _of(deals: Deals, side: str) -> None:
    pair = deals._submit("pair", f"{deals.word} Together", "together-both.example")
    deals.rows["pair"] = services.confirm_customer(pair, None, actor=deals.referee)
    deals._submit("once", f"{deals.word} Doubled", f"doubled-{side}.example")
    deals._submit("twice", f"{deals.word} Doubled", f"doubled-{side}.example")
    draft = deals._draft(f"{deals.word} Halves", f"halves-{side}.example")
    both = [deals.line, ProductLine.objects.get(code="crm")]
    services.save_draft(draft, {}, actor=deals.seller, product_lines=both)
    deals.rows["whole"] = services.submit_registration(draft, actor=deals.seller)
    held = deals._submit("held", f"{deals.word} Later", "")
    deals.rows["held"] = services.hold_registration(
        held,
        clock.today(portal.zone()) + timedelta(days=20),
        actor=deals.referee,
        note=f"For {deals.word}: staff wait",
    )
