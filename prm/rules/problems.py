"""What is wrong with a rule that somebody typed: every problem at once, with its place."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where: "rules[2].when.all[0].value"."""

    path: str
    text: str | Promise

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else str(self.text)


class RuleInvalid(ValueError):
    """A rule set, a rule or a condition is malformed; `problems` says where and why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class Problems(list[Problem]):
    """A collector that goes along while something is read.

    What is published was good when it was: read again, it is not `strict`, so a choice that has been
    retired since, or a bound that has been moved, is no problem.
    """

    def __init__(self, *, strict: bool = True) -> None:
        super().__init__()
        self.strict = strict

    def note(self, path: str, text: str | Promise) -> None:
        """Add one problem."""
        self.append(Problem(path, text))

    def raise_any(self) -> None:
        """Raise RuleInvalid if anything was noted."""
        if self:
            raise RuleInvalid(self)
