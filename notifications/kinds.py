"""What people can be told: every room registers its kinds when the app starts.

    kinds.register(
        Kind(
            "registrations.approved",
            _("Registration approved"),
            group=_("Deals"),
            covers=("registrations.prod",),
        )
    )

A kind's wording is `templates/notifications/<code with . as _>.{subject.txt,txt,html}`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from notifications.enums import Urgency

if TYPE_CHECKING:
    from notifications.models import Notice

Text = str | Promise


class UnknownKind(LookupError):
    """No room registered a kind under this code."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    `mandatory`: a person cannot switch it off. `account`: password and invitation mails, whose
    text no log shows. `covers`: kinds that need not be said on the same day about the same record.
    `newest_only`: of several that wait about one record, only the newest is said. `derive` returns
    private addresses made at the moment of sending, by name, beside the action links.
    """

    code: str
    label: Text
    template: str = ""
    group: Text = ""
    mandatory: bool = True
    urgency: Urgency = Urgency.NOW
    account: bool = False
    covers: tuple[str, ...] = ()
    newest_only: bool = False
    derive: "Callable[[Notice], Mapping[str, str]] | None" = None

    def path(self, part: str) -> str:
        """Return the template of a part: "subject.txt", "txt" or "html"."""
        return f"notifications/{self.template or self.code.replace('.', '_')}.{part}"


PARTS = ("subject.txt", "txt", "html")
_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known; registering a code again replaces it."""
    for kind in kinds:
        _kinds[kind.code] = kind


def get(code: str) -> Kind:
    """Return a kind; raise UnknownKind."""
    try:
        return _kinds[code]
    except KeyError as error:
        raise UnknownKind(f"No kind of notice is called {code!r}.") from error


def lookup(code: str) -> Kind:
    """Return a kind; for one that no longer exists, a plain one called by its code."""
    return _kinds.get(code) or Kind(code, code)


def registered() -> tuple[Kind, ...]:
    """Return every kind, by code."""
    return tuple(_kinds[code] for code in sorted(_kinds))


def covering(code: str) -> frozenset[str]:
    """Return the codes of kinds that make a notice of this kind needless for the day."""
    return frozenset(kind.code for kind in _kinds.values() if code in kind.covers)
