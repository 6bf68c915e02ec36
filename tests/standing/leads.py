"""One vendor's leads in every state; each text holds the word of those who may read it.

What is masked holds the agent's word, what a partner may read before and after it accepts the word of
that partner's leads. A partner that reads the agent's word reads what is hidden from it.
"""

import uuid
from typing import Any

from leads import selectors, services
from leads.enums import Check, DeclineCode, DisqualifyCode, LostCode, Rating
from leads.models import Lead, Offer
from partners.models import Partner
from prm.links import token
from prm.links.models import ActionLink
from tests.standing.words import Words
from users.models import User


class Leads:
    """Makes the leads of one tenant; `keys` gets their names."""

    def __init__(
        self, words: Words, agent: User, manager: User, line: Any, keys: dict[str, str]
    ) -> None:
        self.words, self.agent, self.manager, self.line = words, agent, manager, line
        self.keys = keys

    def go_on(self, parties: dict[str, tuple[Partner, User]]) -> None:
        """Leads that nobody has, and of each partner every state of an offer."""
        word = self.words.agent
        self._note("lead.new", self._new(word, word))
        self._note("lead.begun", services.start_lead(uuid.uuid4(), actor=self.agent))
        self._note("lead.qualifying", self._entered(word, word))
        self._note("lead.qualified", self._qualified(word, word))
        over = self._entered(word, word)
        services.disqualify_lead(over, DisqualifyCode.NO_NEED, actor=self.agent)
        self._note("lead.disqualified", over)
        stuck = self._qualified(word, word, country="JP")
        services.distribute_lead(stuck, actor=self.manager)
        self._note("lead.stuck", stuck)
        for side, (partner, seller) in parties.items():
            self._partners(side, partner, seller)

    def _partners(self, side: str, partner: Partner, seller: User) -> None:
        word = getattr(self.words, f"{side}_lead")
        hidden = self.words.agent
        opened = self._offered(partner, word, hidden)
        self._note_offer(f"{side}.offer.open", opened)
        for link in ActionLink.objects.filter(subject=opened.uid):
            self.keys[f"offer.{side}.{link.purpose.rpartition('.')[2]}"] = token(link)
        ready = self._offered(partner, word, word)
        self._note_offer(f"{side}.offer.ready", ready)
        held = services.accept_offer(self._offered(partner, word, word), actor=seller)
        self._note_offer(f"{side}.offer.held", held)
        working = services.accept_offer(self._offered(partner, word, word), actor=seller)
        services.make_deal(working, actor=seller)
        self._note_offer(f"{side}.offer.working", working)
        contacted = services.accept_offer(self._offered(partner, word, word), actor=seller)
        services.mark_contacted(contacted, actor=seller)
        self._note_offer(f"{side}.offer.contacted", contacted)
        lost = services.accept_offer(self._offered(partner, word, word), actor=seller)
        services.lose_lead(lost, LostCode.NO_BUDGET, actor=seller)
        self._note_offer(f"{side}.offer.lost", lost)
        declined = self._offered(partner, hidden, hidden)
        services.decline_offer(declined, DeclineCode.NO_TIME, actor=seller)
        self._close(declined)
        self._note_offer(f"{side}.offer.declined", declined)
        withdrawn = self._offered(partner, hidden, hidden)
        services.withdraw_offer(withdrawn, reason=f"{hidden} was wrong", actor=self.manager)
        self._close(withdrawn)
        self._note_offer(f"{side}.offer.withdrawn", withdrawn)

    def _close(self, offer: Offer) -> None:
        services.disqualify_lead(offer.lead, DisqualifyCode.NOT_YET, actor=self.manager)

    def _offered(self, partner: Partner, shown: str, hidden: str) -> Offer:
        lead = self._qualified(shown, hidden)
        services.assign_lead(lead, partner, reason=f"{hidden} knows", actor=self.manager)
        offer = selectors.current_offer(lead)
        assert offer is not None
        return offer

    def _qualified(self, shown: str, hidden: str, **more: Any) -> Lead:
        return services.qualify_lead(
            self._entered(shown, hidden, **more),
            checks=[Check.NEED, Check.BUDGET],
            rating=Rating.HOT,
            actor=self.agent,
        )

    def _entered(self, shown: str, hidden: str, **more: Any) -> Lead:
        return services.begin_qualifying(self._new(shown, hidden, **more), actor=self.agent)

    def _new(self, shown: str, hidden: str, **more: Any) -> Lead:
        number = Lead.objects.count()
        values = {
            "company_name": f"{shown} Prospect {number}",
            "website": f"{hidden}-{number}.example",
            "country": "US",
            "contact_name": f"{hidden} Person",
            "contact_email": f"{hidden}@prospect.example",
            "contact_phone": "+1 555 0123",
            "address": f"{hidden} street",
            "need": f"What {shown} needs",
            "source": f"{self.words.agent} fair",
            "consent": f"{hidden} said yes",
            **more,
        }
        lead = services.start_lead(uuid.uuid4(), actor=self.agent)
        return services.save_lead(lead, values, actor=self.agent, product_lines=[self.line])

    def _note(self, name: str, lead: Lead) -> None:
        lead.refresh_from_db()
        self.keys |= {name: lead.reference, f"{name}.version": str(lead.version)}

    def _note_offer(self, name: str, offer: Offer) -> None:
        offer.refresh_from_db()
        self.keys[name] = offer.reference
        self._note(f"{name}.lead", offer.lead)
