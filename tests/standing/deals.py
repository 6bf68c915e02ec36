"""One partner's deals in every state; each text that the partner typed holds its word."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from registrations import services
from registrations.enums import CloseCode, DeclineCode, Stage
from registrations.models import Registration
from users.models import User


@dataclass
class Deals:
    """Makes the deals of one partner; `rows` names them."""

    side: str
    word: str
    seller: User
    referee: User
    currency: str
    line: Any
    rows: dict[str, Registration] = field(default_factory=dict)

    @property
    def protected_domain(self) -> str:
        """The domain of the customer that this partner's approved deal is about; says nothing."""
        return f"holdings-{self.side}.example"

    def approve_one(self) -> None:
        """A protected deal, to be asked about after a month."""
        row = self._submit("approved", f"{self.word} Holdings", self.protected_domain)
        row = services.confirm_customer(row, None, actor=self.referee)
        row = services.approve_registration(
            row, actor=self.referee, overrule=True, note=f"For {self.word}: go ahead"
        )
        self.rows["approved"] = services.move_stage(row, Stage.PROPOSAL, actor=self.seller)

    def go_on(self, rival: "Deals") -> None:
        """Everything else, partly at the customer that the rival holds."""
        self.rows["draft"] = self._draft(f"{self.word} Draftworks", "")
        self.rows["bare"] = services.start_draft(uuid.uuid4(), actor=self.seller)
        self._submit("waiting", f"{self.word} Initech", "initech-both.example")
        self._submit("direct", f"{self.word} Named Account", "direct-customer.example")
        self._asked()
        self._decided()
        self._behind("queued", rival)
        row = services.queue_registration(
            self.rows["queued"], actor=self.referee, note=f"For {self.word}: please wait"
        )
        self.rows["queued"] = row
        self._behind("behind", rival)
        clear = self._submit("clear", f"{self.word} Clearwater", f"clear-{self.side}.example")
        self.rows["clear"] = services.confirm_customer(clear, None, actor=self.referee)

    def _asked(self) -> None:
        row = self._submit("asked", f"{self.word} Questioned", "")
        self.rows["asked"] = services.ask_for_more(
            row, actor=self.referee, question=f"For {self.word}: who signs?"
        )
        row = self._submit("answered", f"{self.word} Answered", "")
        row = services.ask_for_more(row, actor=self.referee, question=f"For {self.word}: when?")
        self.rows["answered"] = services.answer_question(
            row, actor=self.seller, answer=f"{self.word} says soon"
        )

    def _decided(self) -> None:
        row = self._submit("rejected", f"{self.word} Declined", "")
        self.rows["rejected"] = services.reject_registration(
            row, actor=self.referee, code=DeclineCode.DIRECT, note=f"For {self.word}: no"
        )
        row = self._submit("withdrawn", f"{self.word} Withdrawn", "")
        self.rows["withdrawn"] = services.withdraw_registration(row, actor=self.seller)
        row = self._submit("closed", f"{self.word} Won", f"won-{self.side}.example")
        row = services.confirm_customer(row, None, actor=self.referee)
        row = services.approve_registration(row, actor=self.referee, overrule=True)
        self.rows["closed"] = services.close_registration(row, CloseCode.WON, actor=self.seller)

    def _behind(self, name: str, rival: "Deals") -> None:
        """A deal at the customer that the rival holds."""
        self._submit(name, f"{self.word} Latecomer", rival.protected_domain)

    def _submit(self, name: str, company: str, website: str) -> Registration:
        row = services.submit_registration(self._draft(company, website), actor=self.seller)
        self.rows[name] = row
        return row

    def _draft(self, company: str, website: str) -> Registration:
        draft = services.start_draft(uuid.uuid4(), actor=self.seller)
        return self._fill(draft, company, website, self.seller)

    def _fill(self, draft: Registration, company: str, website: str, actor: User) -> Registration:
        values = {
            "company_name": company,
            "website": website,
            "country": "US",
            "value": Decimal("12500"),
            "currency": self.currency,
            "expected_close": date(2031, 6, 1),
            "stage": Stage.QUALIFIED,
            "contact_name": f"{self.word} Contact",
            "contact_email": f"{self.word}@customer.example",
            "description": f"What {self.word} wants to sell",
        }
        services.save_draft(draft, values, actor=actor, product_lines=[self.line])
        draft.refresh_from_db()
        return draft
