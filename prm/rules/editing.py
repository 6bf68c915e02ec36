"""A condition as the rows and groups of a form. Pure: JSON of a tree to rows, and rows to JSON.

A group is one of four: all, any, none ("not" around an any, or around a single item) and notall ("not"
around an all). Whatever can be parsed can be shown and comes back with the same meaning, however deep.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

GROUPS_DEEP = 3  # levels of groups that the form offers to add; deeper ones are kept


class GroupKind(TextChoices):
    """How the items of a group hold together."""

    ALL = "all", _("all of these hold")
    ANY = "any", _("at least one of these holds")
    NONE = "none", _("none of these holds")
    NOT_ALL = "notall", _("not all of these hold")


@dataclass(slots=True)
class Row:
    """One comparison: JSON as a condition keeps it, perhaps unfinished. `path` says where: "0.2.1"."""

    path: str
    body: dict[str, Any]


@dataclass(slots=True)
class Group:
    """Several rows and groups."""

    path: str
    kind: str = GroupKind.ALL.value
    items: list["Row | Group"] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """How deep the group is: 0 is the outermost."""
        return self.path.count(".")

    def everything(self) -> Iterator["Row | Group"]:
        """Yield the group itself and all below it, in order."""
        yield self
        for item in self.items:
            if isinstance(item, Group):
                yield from item.everything()
            else:
                yield item


def read(raw: Any) -> Group:
    """Return a tree's JSON as its outermost group; what is no tree is an empty one."""
    item = _item(raw, "0")
    if isinstance(item, Group):
        return item
    outer = Group("0", items=[item])
    number(outer, "0")
    return outer


def _item(raw: Any, path: str) -> "Row | Group":
    if isinstance(raw, Mapping):
        for kind in ("all", "any"):
            if isinstance(raw.get(kind), list):
                return _group(kind, raw[kind], path)
        if "not" in raw:
            return _opposite(raw["not"], path)
        if "field" in raw:
            return Row(path, dict(raw))
    return Group(path)


def _opposite(raw: Any, path: str) -> Group:
    if isinstance(raw, Mapping) and isinstance(raw.get("any"), list):
        return _group(GroupKind.NONE.value, raw["any"], path)
    if isinstance(raw, Mapping) and isinstance(raw.get("all"), list):
        return _group(GroupKind.NOT_ALL.value, raw["all"], path)
    return _group(GroupKind.NONE.value, [raw], path)


def _group(kind: str, items: list[Any], path: str) -> Group:
    return Group(path, kind, [_item(item, f"{path}.{n}") for n, item in enumerate(items)])


def write(item: "Row | Group") -> dict[str, Any]:
    """Return the JSON of a row or group."""
    if isinstance(item, Row):
        return item.body
    items = [write(each) for each in item.items]
    if item.kind == GroupKind.NONE:
        return {"not": items[0] if len(items) == 1 else {"any": items}}
    if item.kind == GroupKind.NOT_ALL:
        return {"not": {"all": items}}
    return {item.kind: items}


def number(item: "Row | Group", path: str) -> None:
    """Give a row or group its path, and all below it theirs."""
    item.path = path
    if isinstance(item, Group):
        for place, each in enumerate(item.items):
            number(each, f"{path}.{place}")


def change(root: Group, what: str, path: str) -> str:
    """Do what a button says to the item at a path; return the path of what to look at then.

    `what` is add (a row to the group), group (a group to the group), remove, up or down; an unknown
    button or path changes nothing.
    """
    found = next((each for each in root.everything() if each.path == path), None)
    if isinstance(found, Group) and what in ("add", "group"):
        new = f"{path}.{len(found.items)}"
        row = Row(f"{new}.0" if what == "group" else new, {"field": "", "op": ""})
        found.items.append(Group(new, GroupKind.ANY.value, [row]) if what == "group" else row)
        return row.path
    if found is None or found is root:
        return path
    return _among_siblings(root, found, what)


def _among_siblings(root: Group, found: "Row | Group", what: str) -> str:
    above = found.path.rpartition(".")[0]
    parent = next(each for each in root.everything() if each.path == above)
    assert isinstance(parent, Group)
    place = parent.items.index(found)
    if what == "remove":
        del parent.items[place]
        target: Row | Group = (
            parent.items[min(place, len(parent.items) - 1)] if parent.items else parent
        )
    elif what in ("up", "down"):
        parent.items.pop(place)
        parent.items.insert(max(0, place + (1 if what == "down" else -1)), found)
        target = found
    else:
        return found.path
    number(root, root.path)
    return target.path
