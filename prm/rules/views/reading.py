"""Reading rules: kinds, the version in force, one version, and what the rules say about a case."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prm.http import PrmRequest
from prm.rules import services
from prm.rules.drafts import work_on
from prm.rules.fields import Facts, RuleKind
from prm.rules.models import RuleDraft, RuleVersion
from prm.rules.policies import can_change_rules
from prm.rules.problems import RuleInvalid
from prm.rules.ruleset import parse_rules
from prm.rules.selectors import kind_list, names_of, version_list, version_shown
from prm.rules.showing import ShownDecision, show_decision, show_rules
from prm.rules.views.common import for_staff, kind_or_404

MAX_ASKED = 60


@for_staff
@require_safe
def index(request: PrmRequest) -> HttpResponse:
    """Every kind of rules with its version in force."""
    return render(request, "rules/list.html", {"kinds": kind_list()})


@for_staff
@require_safe
def detail(request: PrmRequest, kind: str) -> HttpResponse:
    """The rules in force as sentences, and all versions."""
    found = kind_or_404(kind)
    below = request.GET.get("below", "")
    versions, rest = version_list(found, below=int(below) if below.isdecimal() else None)
    draft = RuleDraft.objects.filter(kind=found.code).first()
    version = _in_force(found)
    people = [draft.updated_by] if draft else []
    names = names_of([*people, version.author_uid if version else None])
    body = version.body if version else {"rules": [], "defaults": dict(found.usual)}
    context = {
        "kind": found,
        "version": version,
        "author": names.get(version.author_uid, "") if version else "",
        "shown": show_rules(found, body),
        "versions": versions,
        "rest": rest,
        "draft": draft,
        "draft_author": names.get(draft.updated_by, "") if draft else "",
        "may_change": can_change_rules(request.user),
    }
    return render(request, "rules/kind.html", context)


@for_staff
@require_safe
def version(request: PrmRequest, kind: str, number: int) -> HttpResponse:
    """One version: what it says and what it changed."""
    found = kind_or_404(kind)
    shown = version_shown(found, number)
    if shown is None:
        raise Http404
    context = {
        "kind": found,
        "item": shown,
        "version": shown.version,
        "shown": show_rules(found, shown.version.body),
        "may_change": can_change_rules(request.user),
    }
    return render(request, "rules/version.html", context)


@for_staff
@require_safe
def explain(request: PrmRequest, kind: str) -> HttpResponse:
    """What the rules say about one case, in force and as drafted."""
    found = kind_or_404(kind)
    if found.sample is None:
        raise Http404
    asked = request.GET.get("case", "").replace("\0", "").strip()[:MAX_ASKED]
    facts = found.sample(asked) if asked else None
    context = {"kind": found, "asked": asked, "found": facts is not None, "draft_unfinished": False}
    if facts is not None:
        context["decision"] = _decided(found, facts)
        context |= _drafted(found, facts)
    return render(request, "rules/explain.html", context)


def _in_force(kind: RuleKind) -> RuleVersion | None:
    try:
        return services.current(kind.code)
    except services.NoRules:
        return None


def _decided(kind: RuleKind, facts: Facts) -> ShownDecision:
    """Decide under the version in force, or as usual where nothing is published."""
    usual = {"rules": [], "defaults": dict(kind.usual)}
    version = _in_force(kind) or RuleVersion(kind=kind.code, number=0, digest="usual", body=usual)
    return show_decision(services.ruleset(version).decide(facts), version)


def _drafted(kind: RuleKind, facts: Facts) -> dict[str, object]:
    """Decide under the draft, if there is one and it can be read."""
    work = work_on(kind.code)
    if work.draft is None:
        return {}
    try:
        drafted = parse_rules(kind.code, work.body, strict=False)
    except RuleInvalid:
        return {"draft_unfinished": True}
    return {"drafted": show_decision(drafted.decide(facts))}
