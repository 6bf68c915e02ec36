"""What a referee has registered for each partner, and has begun to."""

import uuid
from typing import TYPE_CHECKING

from registrations import services
from registrations.models import Registration
from tests.standing.deals import Deals

if TYPE_CHECKING:
    from tests.standing.seed import Story


def go_on(story: "Story") -> None:
    """A draft and a registered deal for each partner's seller."""
    for deals in story.deals.values():
        deals.rows["behalf"] = _draft(deals, "Telephoned")
        sent = services.submit_registration(_draft(deals, "Dictated"), actor=deals.referee)
        deals.rows["dictated"] = sent


def _draft(deals: Deals, name: str) -> Registration:
    draft = services.start_draft(uuid.uuid4(), actor=deals.referee, for_user=deals.seller)
    return deals._fill(draft, f"{deals.word} {name}", "", deals.referee)
