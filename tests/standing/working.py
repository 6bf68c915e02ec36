"""What hangs on a partner's deals: messages, notes, evidence, requests for more time, saved views."""

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from registrations import services
from registrations.models import Registration
from users import services as people
from users.models import User

if TYPE_CHECKING:
    from tests.standing.deals import Deals
    from tests.standing.seed import Story


def begin(deals: "Deals") -> None:
    """Protected deals a month old: one that waits for more time, one that got some, one refused."""
    for name in ("extending", "extended", "unextended"):
        customer = f"{name}-{deals.side}.example"
        row = deals._submit(name, f"{deals.word} {name.title()}", customer)
        row = services.confirm_customer(row, None, actor=deals.referee)
        deals.rows[name] = services.approve_registration(row, actor=deals.referee, overrule=True)


def go_on(story: "Story", deals: "Deals") -> None:
    """What both sides wrote, sent and asked; every text holds the word of who typed it."""
    word, seller, referee = deals.word, deals.seller, deals.referee
    pending = _ask(deals, "extending")
    services.grant_extension(_ask(deals, "extended"), actor=referee, note=f"For {word}: more")
    services.refuse_extension(_ask(deals, "unextended"), actor=referee, note=f"For {word}: no")
    row = deals.rows["approved"]
    services.write_message(row, f"{word} has news", actor=seller)
    services.write_message(row, f"For {word}: thank you", actor=referee)
    services.write_note(row, f"{story.words.staff} says: careful", actor=referee)
    file = services.add_file(row, proof(word), actor=seller)
    kept = services.add_file(deals.rows["draft"], proof(word), actor=seller)
    view = people.save_view("registrations:list", f"{word} view", "state=DRAFT", actor=seller)
    story.keys |= {
        f"{deals.side}.extension": str(pending.uid),
        f"{deals.side}.file": str(file.uid),
        f"{deals.side}.draft.file": str(kept.uid),
        f"{deals.side}.view": str(view.uid),
        f"{deals.side}.colleague": story.keys[f"{deals.side}.administrator"],
    }


def operators(keys: dict[str, str], olga: User) -> None:
    """A saved view of an operator's."""
    keys["own.view"] = str(people.save_view("tenants:list", "kwops view", "q=kw", actor=olga).uid)


def proof(word: str = "proof") -> SimpleUploadedFile:
    """A table that somebody sends as evidence."""
    return SimpleUploadedFile(f"{word}.csv", f"day,what\n1,{word}\n".encode(), "text/csv")


def _ask(deals: "Deals", name: str) -> Any:
    row: Registration = deals.rows[name]
    return services.ask_for_extension(
        row, actor=deals.seller, reason=f"{deals.word} needs time", files=[proof(deals.word)]
    )
