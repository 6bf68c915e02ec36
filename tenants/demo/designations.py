"""The demo's rules of designation, and companies that follow them."""

from companies import services
from companies.designation import KIND
from prm import rules
from users.models import User

BODY = {
    "rules": [
        {
            "code": "cities",
            "name": {"en": "Cities are ours", "de": "Städte betreuen wir selbst"},
            "when": {"field": "name", "op": "STARTS_WITH", "value": "City of"},
            "then": {"designation": "VENDOR_DIRECT"},
        },
        {
            "code": "groups",
            "name": {"en": "What our groups own is ours", "de": "Töchter unserer Konzerne"},
            "when": {"field": "parent", "op": "IS", "value": "VENDOR_DIRECT"},
            "then": {"designation": "VENDOR_DIRECT"},
        },
    ]
}


def plant(actor: User) -> None:
    """Publish two rules; a city follows the first, what it owns the second, and one is an exception."""
    rules.publish(KIND, BODY, actor=actor, note="Cities, and what groups own.")
    city = services.add_company(name="City of Fairhaven", country="US", actor=actor)
    works = services.add_company(name="Fairhaven Water Works", country="US", actor=actor)
    services.set_parent(works, city, actor=actor)
    other = services.add_company(name="City of Lights Cinemas", country="US", actor=actor)
    services.set_designation(other, "OPEN", actor=actor)
