"""The forms of the rules pages: a rule with its rows, the defaults, and publishing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm import clock, portal
from prm.rules import controls, editing
from prm.rules.controls import Control
from prm.rules.editing import Group, GroupKind, Row
from prm.rules.fields import Field, Kind, RuleKind
from prm.rules.operators import ALLOWED, Arity, Op, arity

MAX_NODES = 200
MAX_NAME = 120
_NODE = re.compile(r"([gr])(0(?:\.\d{1,2}){0,9})")
Options = list[tuple[str, str, bool]]
Problems = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the form."""

    path: str
    number: int
    fields: Options
    ops: Options
    was: str
    control: Control | None
    problem: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group of the form; `may_nest` says whether a group may be added to it."""

    path: str
    number: int
    kinds: Options
    items: list["ShownRow | ShownGroup"]
    may_nest: bool
    is_outer: bool
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a rule in one language."""

    code: str
    language: str
    text: str
    problem: str = ""


def languages() -> list[tuple[str, str]]:
    """Return code and name of the portal's languages, its own first."""
    own, offered = portal.current().language, portal.current().languages
    known = [(code, str(name)) for code, name in settings.LANGUAGES if code in offered]
    return sorted(known, key=lambda language: language[0] != own)


def is_set(outcome: Field) -> Arity:
    """Return how many values an outcome's input takes."""
    return Arity.MANY if outcome.kind is Kind.SET else Arity.ONE


class RuleForm:
    """A rule as its page shows it: bound to what a draft keeps, or to what was typed.

    `strict` tells of what is missing too; else only of what was typed and cannot be read.
    """

    def __init__(self, kind: RuleKind, body: Mapping[str, Any], *, strict: bool = False) -> None:
        self.kind, self.strict = kind, strict
        name, then = body.get("name"), body.get("then")
        self.name: dict[str, str] = dict(name) if isinstance(name, Mapping) else {}
        self.then: dict[str, Any] = dict(then) if isinstance(then, Mapping) else {}
        self.root = editing.read(body.get("when", {"all": []}))
        self.home = portal.current().currency

    @classmethod
    def typed(cls, kind: RuleKind, body: Mapping[str, Any], data: QueryDict) -> "RuleForm":
        """Return the form with what was typed into it, judged strictly."""
        form = cls(kind, body, strict=True)
        for code, _language in languages():
            form.name[code] = data.get(f"name-{code}", "").replace("\0", "").strip()[:MAX_NAME]
        form.name = {code: text for code, text in form.name.items() if text}
        form.then = read_outcomes(kind, data, form.then)
        form.root = _read_tree(kind, data)
        return form

    @property
    def values(self) -> dict[str, Any]:
        """What a draft keeps."""
        return {"name": self.name, "when": editing.write(self.root), "then": self.then}

    @property
    def names(self) -> list[Name]:
        """The names, the portal's own language first; that one is needed."""
        shown = [Name(code, language, self.name.get(code, "")) for code, language in languages()]
        if self.strict and shown and not shown[0].text:
            first = shown[0]
            shown[0] = Name(first.code, first.language, "", _("Give the rule a name."))
        return shown

    @property
    def tree(self) -> ShownGroup:
        """The conditions."""
        return self._group(self.root, 0, 1)

    @property
    def outcomes(self) -> list[Control]:
        """The outcomes that are set, or were typed wrongly."""
        return [each for each in self._outcomes() if _is_used(each)]

    @property
    def other_outcomes(self) -> list[Control]:
        """The outcomes that this rule says nothing about."""
        return [each for each in self._outcomes() if not _is_used(each)]

    @property
    def problems(self) -> Problems:
        """Anchor and sentence of everything that is wrong, in the order of the page."""
        found = [(f"#id-name-{n.code}", n.problem) for n in self.names if n.problem]
        found += _tree_problems(self.tree)
        found += [
            (f"#{c.anchor}", f"{c.label}: {c.problem}") for c in self._outcomes() if c.problem
        ]
        return found

    @property
    def errors(self) -> Problems:
        """The same, under the name by which the page's title asks."""
        return self.problems if self.strict else []

    def _outcomes(self) -> list[Control]:
        return outcome_controls(self.kind, self.then, self.home)

    def _group(self, group: Group, place: int, siblings: int) -> ShownGroup:
        items: list[ShownRow | ShownGroup] = []
        for number, item in enumerate(group.items):
            shown = self._group if isinstance(item, Group) else self._row
            items.append(shown(item, number, len(group.items)))  # type: ignore[arg-type]
        return ShownGroup(
            path=group.path,
            number=place + 1,
            kinds=[(kind.value, str(kind.label), kind.value == group.kind) for kind in GroupKind],
            items=items,
            may_nest=group.depth < editing.GROUPS_DEEP,
            is_outer=group.depth == 0,
            is_first=place == 0,
            is_last=place == siblings - 1,
        )

    def _row(self, row: Row, place: int, siblings: int) -> ShownRow:
        name, op = str(row.body.get("field", "")), str(row.body.get("op", ""))
        field = self.kind.fields.get(name)
        allowed = ALLOWED[field.kind] if field else ()
        known = field is not None and op in allowed
        control = self._control(field, Op(op), row) if field and known else None
        return ShownRow(
            path=row.path,
            number=place + 1,
            fields=_field_options(self.kind, name),
            ops=[(each.value, str(each.label), each.value == op) for each in allowed],
            was=f"{name}:{op}",
            control=control,
            problem=self._row_problem(field, name),
            is_first=place == 0,
            is_last=place == siblings - 1,
        )

    def _row_problem(self, field: Field | None, name: str) -> str:
        if field is not None:
            return ""
        if name:
            return _("This field is not known.")
        return _("Choose what to compare.") if self.strict else ""

    def _control(self, field: Field, op: Op, row: Row) -> Control:
        raw = row.body.get("value")
        judged = self.strict or not controls.is_blank(raw)
        return controls.control(
            field,
            f"value-{row.path}",
            raw,
            arity(op),
            label=_("Value for %(field)s") % {"field": field.label},
            home=self.home,
            problem=controls.problem_of_value(field, op, raw) if judged else "",
        )


class DefaultsForm:
    """What holds when no rule decides."""

    def __init__(
        self, kind: RuleKind, defaults: Mapping[str, Any], *, strict: bool = False
    ) -> None:
        self.kind, self.strict = kind, strict
        self.then = dict(defaults)

    @classmethod
    def typed(cls, kind: RuleKind, defaults: Mapping[str, Any], data: QueryDict) -> "DefaultsForm":
        """Return the form with what was typed into it."""
        return cls(kind, read_outcomes(kind, data, defaults), strict=True)

    @property
    def outcomes(self) -> list[Control]:
        """Every outcome; those that the portal cannot do without must be set."""
        found = outcome_controls(self.kind, self.then, portal.current().currency)
        needed = {f"id-then-{name}" for name in self.kind.usual}
        return [_needed(each) if self.strict and each.id in needed else each for each in found]

    @property
    def errors(self) -> Problems:
        """Anchor and sentence of everything that is wrong."""
        return [(f"#{c.anchor}", f"{c.label}: {c.problem}") for c in self.outcomes if c.problem]


class PublishForm(forms.Form):
    """From when a version counts, and why there is one."""

    effective_on = forms.DateField(
        label=gettext_lazy("Takes effect on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: at once. Cases that are decided already keep their rules."),
    )
    note = forms.CharField(
        label=gettext_lazy("What changes and why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with the version, for whoever asks later."),
        error_messages={"required": gettext_lazy("Say what changes and why.")},
    )

    def clean_effective_on(self) -> Any:
        """A day that lies ahead, or none."""
        day = self.cleaned_data["effective_on"]
        if day is not None and day <= clock.today(portal.zone()):
            raise forms.ValidationError(_("Choose a day after today, or leave it empty."))
        return day

    @property
    def effective_at(self) -> datetime | None:
        """Local midnight of the portal at which that day begins; None for at once."""
        day = self.cleaned_data["effective_on"]
        return datetime.combine(day, time(0), portal.zone()) if day else None


class NoteForm(forms.Form):
    """Why something is published again, or taken back."""

    note = PublishForm.base_fields["note"]


def outcome_controls(kind: RuleKind, then: Mapping[str, Any], home: str) -> list[Control]:
    """Return the inputs of every outcome of a kind; empty ones are not decided."""
    return [
        controls.control(
            field,
            f"then-{name}",
            then.get(name),
            is_set(field),
            label=str(field.label),
            home=home,
            problem=controls.problem_of_outcome(field, then[name]) if name in then else "",
            optional=True,
        )
        for name, field in kind.outcomes.items()
    ]


def read_outcomes(kind: RuleKind, data: QueryDict, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outcomes that were typed; what the kind does not know stays as it was."""
    kept = {name: value for name, value in before.items() if name not in kind.outcomes}
    asked = {
        name: controls.typed(data, f"then-{name}", field, is_set(field))
        for name, field in kind.outcomes.items()
    }
    return kept | {name: value for name, value in asked.items() if value is not None}


def _is_used(control: Control) -> bool:
    if control.problem or control.is_none:
        return True
    if control.options is not None:
        return any(on for code, _label, on in control.options if code)
    return any(each.text for each in control.inputs)


def _needed(control: Control) -> Control:
    if _is_used(control):
        return control
    problem = _("Say what holds when no rule decides.")
    return Control(
        control.id, control.shape, control.label, control.inputs, control.options, problem,
        control.help, control.unit, control.may_be_none, control.is_none,
    )  # fmt: skip


def _field_options(kind: RuleKind, chosen: str) -> Options:
    known = [(name, str(field.label), name == chosen) for name, field in kind.fields.items()]
    if chosen and chosen not in kind.fields:
        known.append((chosen, chosen, True))
    return [("", _("Choose"), not chosen), *known]


def _tree_problems(group: ShownGroup) -> Iterator[tuple[str, str]]:
    for item in group.items:
        if isinstance(item, ShownGroup):
            yield from _tree_problems(item)
        elif item.problem:
            yield f"#id-field-{item.path}", item.problem
        elif item.control and item.control.problem:
            label = next(label for _name, label, chosen in item.fields if chosen)
            yield f"#{item.control.anchor}", f"{label}: {item.control.problem}"


def _read_tree(kind: RuleKind, data: QueryDict) -> Group:
    """Return the rows and groups as they were sent; whatever does not fit together is left out."""
    groups: dict[str, Group] = {"0": Group("0", _group_kind(data, "0"))}
    for node in data.getlist("node")[:MAX_NODES]:
        match = _NODE.fullmatch(node)
        if match is None or match[2] in groups:
            continue
        path = match[2]
        parent = groups.get(path.rpartition(".")[0])
        if parent is None:
            continue
        if match[1] == "g":
            groups[path] = Group(path, _group_kind(data, path))
            parent.items.append(groups[path])
        else:
            parent.items.append(Row(path, _row_body(kind, data, path)))
    root = groups["0"]
    editing.number(root, "0")
    return root


def _group_kind(data: QueryDict, path: str) -> str:
    asked = data.get(f"kind-{path}", "")
    return asked if asked in GroupKind.values else GroupKind.ALL.value


def _row_body(kind: RuleKind, data: QueryDict, path: str) -> dict[str, Any]:
    """Return a row as JSON: its value as typed, if the input was one for this field."""
    name, asked = data.get(f"field-{path}", ""), data.get(f"op-{path}", "")
    was, _colon, was_op = data.get(f"was-{path}", "").partition(":")
    field = kind.fields.get(name)
    if field is None:
        return {"field": name[:80], "op": ""}
    allowed = ALLOWED[field.kind]
    op = Op(asked) if asked in allowed else allowed[0]
    body: dict[str, Any] = {"field": name, "op": op.value}
    if was != name or was_op not in allowed:
        return body
    before = arity(Op(was_op))
    raw = controls.typed(data, f"value-{path}", field, before)
    value = controls.converted(raw, before, arity(op))
    return body if value is None else body | {"value": value}
