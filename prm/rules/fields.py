"""What rules may ask about: typed fields, and the kinds of rule sets that use them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from prm.rules.findings import Finding
    from prm.rules.ruleset import RuleSet

Text = str | Promise
Choices = Mapping[str, Text] | Callable[[], Mapping[str, Text]]


class Kind(TextChoices):
    """The types of values that rules compare."""

    TEXT = "TEXT", _("text")
    CHOICE = "CHOICE", _("choice")
    NUMBER = "NUMBER", _("number")
    MONEY = "MONEY", _("money")
    DATE = "DATE", _("date")
    YES_NO = "YES_NO", _("yes or no")
    SET = "SET", _("set")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a rule may ask about, as a fact and as a column.

    `path` is the column's lookup path over to-one relations; without it the field explains and
    decides but cannot filter. Money also has `currency_path`. Text compares exactly; `fold` is
    applied to facts and to the rule's value, and then `path` must name a column folded the same way.
    A set is an array column, or `member(code)` gives the condition "has this member" (None: "has any
    member") for sets kept in rows of their own; a set's members are folded, too.

    `home_path` is the column with the amount in the portal's currency: a comparison in that currency
    then also holds for amounts in others, whose facts are `Amounts`.

    `phrase` says an outcome as the end of a sentence, "protect for %(value)s days"; with plural forms
    it is an `ngettext_lazy` over "count". `phrase_no` is the phrase of an outcome that is no, or zero.
    `whole`, `least` and `most` bound the numbers that an outcome may have (of a set: its members).
    """

    name: str
    kind: Kind
    label: Text
    path: str = ""
    currency_path: str = ""
    choices: Choices | None = None
    fold: Callable[[str], str] | None = None
    member: Callable[[str | None], Q] | None = None
    home_path: str = ""
    phrase: Text = ""
    phrase_no: Text = ""
    unit: Text = ""
    help: Text = ""
    whole: bool = False
    least: int | None = None
    most: int | None = None

    def options(self) -> Mapping[str, Text] | None:
        """Return the allowed codes with their labels, or None when any code will do."""
        return self.choices() if callable(self.choices) else self.choices

    @property
    def filters(self) -> bool:
        """True when the field can be compiled to a database filter."""
        return bool(self.path or self.member)


class FieldUnknown(KeyError):
    """A rule names a field that its kind does not have."""


class Fields(Mapping[str, Field]):
    """The fields of one kind of rules, by name."""

    def __init__(self, *fields: Field) -> None:
        self._fields = {field.name: field for field in fields}
        if len(self._fields) != len(fields):
            raise ValueError("Two fields have the same name.")

    def __getitem__(self, name: str) -> Field:
        try:
            return self._fields[name]
        except KeyError:
            raise FieldUnknown(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleKind:
    """A kind of rule set: what its conditions may ask and what its outcomes may say.

    `usual` is the JSON of the outcomes that a room cannot do without: what holds where no version says
    otherwise. `sample(text)` returns the facts of the case with that reference, or None; `check` finds
    what only the room knows to be odd about a rule set.
    """

    code: str
    label: Text
    fields: Fields
    outcomes: Fields = field(default_factory=Fields)
    help: Text = ""
    usual: Mapping[str, Any] = field(default_factory=dict)
    sample: Callable[[str], Facts | None] | None = None
    sample_label: Text = ""
    check: Callable[["RuleSet"], Iterable["Finding"]] | None = None

    @property
    def slug(self) -> str:
        """The kind in an address."""
        return self.code.replace(".", "-").replace("_", "-")

    @property
    def explains(self) -> bool:
        """Whether a case can be looked up by its reference."""
        return self.sample is not None


_KINDS: dict[str, RuleKind] = {}


class KindUnknown(KeyError):
    """No room registered this kind of rules."""


def register_kind(
    code: str, label: Text, *, fields: Iterable[Field], outcomes: Iterable[Field], **more: Any
) -> RuleKind:
    """Register a kind of rules when the app starts; registering again replaces it.

    `more`: help, usual, sample, sample_label, check, as `RuleKind` has them.
    """
    _KINDS[code] = RuleKind(code, label, Fields(*fields), Fields(*outcomes), **more)
    return _KINDS[code]


def kind_of(code: str) -> RuleKind:
    """Return a registered kind; raises KindUnknown."""
    try:
        return _KINDS[code]
    except KeyError:
        raise KindUnknown(code) from None


def kind_at(slug: str) -> RuleKind:
    """Return the kind that an address names; raises KindUnknown."""
    for kind in kinds():
        if kind.slug == slug:
            return kind
    raise KindUnknown(slug)


def kinds() -> list[RuleKind]:
    """Return all registered kinds, by code."""
    return [_KINDS[code] for code in sorted(_KINDS)]
