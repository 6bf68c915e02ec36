"""Changing rules: the draft, its rules one by one, the defaults, publishing. All of it by plain forms."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prm import carry, portal
from prm.http import PrmRequest, see_other
from prm.money import currency_choices
from prm.rules import drafts, editing
from prm.rules.drafts import Work, work_on
from prm.rules.fields import RuleKind
from prm.rules.forms import DefaultsForm, PublishForm, RuleForm
from prm.rules.lint import lint
from prm.rules.problems import Problem, RuleInvalid
from prm.rules.selectors import names_of
from prm.rules.services import AppliesBackwards, NoRules, current
from prm.rules.showing import ShownRules, show_rules, with_findings
from prm.rules.views.common import (
    REFUSALS,
    asked_version,
    back_to,
    for_administrators,
    get_or_post,
    kind_or_404,
    refusal,
    tried,
)
from prm.ui.lists import wants_fragment


@for_administrators
@get_or_post
def draft(request: PrmRequest, kind: str) -> HttpResponse:
    """The draft, or what is in force as a draft would begin; what is odd; publishing."""
    if request.method == "POST":
        return publish(request, kind)
    form = PublishForm()
    carry.refill(request, form)
    return _draft_page(request, kind_or_404(kind), form)


@for_administrators
@require_POST
def publish(request: PrmRequest, kind: str) -> HttpResponse:
    """Make the draft the next version."""
    found = kind_or_404(kind)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            made = drafts.publish_draft(
                found.code,
                version=asked_version(request),
                note=form.cleaned_data["note"],
                effective_at=form.effective_at,
                actor=request.user,
            )
        except RuleInvalid:
            form.add_error(None, _("Something in the draft is unfinished. It is marked below."))
        except AppliesBackwards:
            form.add_error("effective_on", _("Choose a day after today, or leave it empty."))
        except REFUSALS as error:
            form.add_error(None, refusal(error))
        else:
            messages.success(request, _published(made.number, form))
            return see_other("rules:kind", found.slug)
    return _draft_page(request, found, form, status=422)


def _published(number: int, form: PublishForm) -> str:
    if form.effective_at is None:
        return _("Version %(number)d is in force now.") % {"number": number}
    return _("Version %(number)d is published and takes effect on its day.") % {"number": number}


@for_administrators
@require_POST
def discard(request: PrmRequest, kind: str) -> HttpResponse:
    """Delete the draft."""
    found = kind_or_404(kind)
    try:
        drafts.discard_draft(found.code, version=asked_version(request), actor=request.user)
    except REFUSALS as error:
        messages.warning(request, refusal(error))
        return see_other("rules:draft", found.slug)
    messages.success(request, _("The draft is discarded. The rules in force are unchanged."))
    return see_other("rules:kind", found.slug)


@for_administrators
@require_POST
def add(request: PrmRequest, kind: str) -> HttpResponse:
    """A new rule, the last one; its page comes next."""
    found = kind_or_404(kind)
    try:
        code = drafts.add_rule(found.code, version=asked_version(request), actor=request.user)
    except RuleInvalid as invalid:
        messages.warning(request, str(invalid.problems[0].text))
    except REFUSALS as error:
        messages.warning(request, refusal(error))
    else:
        return see_other("rules:rule", found.slug, code)
    return see_other("rules:draft", found.slug)


@for_administrators
@require_POST
def move(request: PrmRequest, kind: str, code: str) -> HttpResponse:
    """One place up or down."""
    found = kind_or_404(kind)
    _rule_or_404(work_on(found.code), code)
    by = 1 if request.POST.get("direction") == "down" else -1
    version = asked_version(request)

    def write() -> None:
        drafts.move_rule(found.code, code, by, version=version, actor=request.user)

    response = tried(request, found, write)
    response["Location"] += f"#rule-{code}"
    return response


@for_administrators
@require_POST
def remove(request: PrmRequest, kind: str, code: str) -> HttpResponse:
    """Take a rule out of the draft."""
    found = kind_or_404(kind)
    _rule_or_404(work_on(found.code), code)
    version = asked_version(request)

    def write() -> None:
        drafts.remove_rule(found.code, code, version=version, actor=request.user)

    return tried(request, found, write, _("The rule is removed from the draft."))


@for_administrators
@get_or_post
def defaults(request: PrmRequest, kind: str) -> HttpResponse:
    """What holds when no rule decides."""
    found = kind_or_404(kind)
    work = work_on(found.code)
    before = work.body.get("defaults", {})
    if request.method != "POST":
        typed = carry.take(request)
        form = DefaultsForm.typed(found, before, typed) if typed else DefaultsForm(found, before)
        return _defaults_page(request, work, form)
    form = DefaultsForm.typed(found, before, request.POST)
    if form.errors:
        return _defaults_page(request, work, form)
    version = asked_version(request)
    try:
        drafts.save_defaults(found.code, form.then, version=version, actor=request.user)
    except REFUSALS as error:
        return _defaults_page(request, work_on(found.code), form, refusal(error))
    messages.success(request, _("Saved in the draft."))
    return see_other("rules:draft", found.slug)


@for_administrators
@get_or_post
def rule(request: PrmRequest, kind: str, code: str) -> HttpResponse:
    """One rule: name, conditions, outcomes. "Save" wants it finished; other buttons do not."""
    found = kind_or_404(kind)
    work = work_on(found.code)
    body = _rule_or_404(work, code)
    if request.method != "POST":
        typed = carry.take(request)  # what was typed before the session ended
        form = RuleForm.typed(found, body, typed) if typed else RuleForm(found, body)
        return _rule_page(request, work, code, form)
    form = RuleForm.typed(found, body, request.POST)
    asked = request.GET.get("do") or request.POST.get("do", "save")
    if asked != "save":
        return _changed(request, work, code, form, asked)
    if form.problems:
        return _rule_page(request, work, code, form, version=asked_version(request))
    return _saved(request, found, code, form)


def _rule_or_404(work: Work, code: str) -> dict[str, Any]:
    try:
        return work.rule(code)
    except drafts.RuleGone as gone:
        raise Http404 from gone


def _saved(request: PrmRequest, kind: RuleKind, code: str, form: RuleForm) -> HttpResponse:
    version = asked_version(request)
    try:
        drafts.save_rule(kind.code, code, form.values, version=version, actor=request.user)
    except REFUSALS as error:
        return _rule_page(request, work_on(kind.code), code, form, refusal(error))
    messages.success(request, _("Saved in the draft."))
    return back_to(reverse("rules:draft", args=[kind.slug]), f"rule-{code}")


def _changed(
    request: PrmRequest, work: Work, code: str, form: RuleForm, asked: str
) -> HttpResponse:
    """Keep what was typed, finished or not, with one row more or less; show the page again.

    Script asks for fitting inputs at each choice; that alone is not kept, or a key pressed in a list
    would be a save.
    """
    kind, version = work.kind, asked_version(request)
    what, _colon, path = asked.partition(":")
    path = editing.change(form.root, what, path)
    if wants_fragment(
        request
    ):  # another field or comparison was chosen: nothing is kept of that yet
        return _rule_page(request, work, code, RuleForm(kind, form.values), version=version)
    try:
        drafts.save_rule(kind.code, code, form.values, version=version, actor=request.user)
    except REFUSALS as error:
        return _rule_page(request, work_on(kind.code), code, form, refusal(error))
    return back_to(reverse("rules:rule", args=[kind.slug, code]), f"row-{path}" if path else "")


def _rule_page(
    request: PrmRequest,
    work: Work,
    code: str,
    form: RuleForm,
    trouble: str = "",
    version: int | None = None,
) -> HttpResponse:
    """Show a rule; 422 with what was typed when it was refused.

    Sent again, the form replaces the state of the draft that it names: the one shown, or `version`.
    """
    problems = [*([("", trouble)] if trouble else []), *form.errors]
    context = {
        "form": form,
        "kind": work.kind,
        "work": work,
        "code": code,
        "version": work.version if version is None else version,
        "problems": problems,
        "currencies": currency_choices(get_language() or "en"),
    }
    fragment = wants_fragment(request)
    template = "rules/_rule_form.html" if fragment else "rules/rule.html"
    return render(request, template, context, status=422 if problems else 200)


def _defaults_page(
    request: PrmRequest, work: Work, form: DefaultsForm, trouble: str = ""
) -> HttpResponse:
    problems = [*([("", trouble)] if trouble else []), *(form.errors if form.strict else [])]
    context = {
        "form": form,
        "kind": work.kind,
        "work": work,
        "problems": problems,
        "currencies": currency_choices(get_language() or "en"),
    }
    return render(request, "rules/defaults.html", context, status=422 if problems else 200)


def _draft_page(
    request: PrmRequest, kind: RuleKind, form: PublishForm, status: int = 200
) -> HttpResponse:
    work = work_on(kind.code)
    shown = _with_reasons(kind, work.body, show_rules(kind, work.body))
    findings = lint(shown.ruleset, home=portal.current().currency)
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "work": work,
        "shown": with_findings(shown, findings),
        "general": [each for each in findings if not each.rule],
        "author": names_of([work.draft.updated_by]).get(work.draft.updated_by)
        if work.draft
        else "",
        "overtaken": _overtaken(work),
    }
    return render(request, "rules/draft.html", context, status=status)


def _with_reasons(kind: RuleKind, body: dict[str, Any], shown: ShownRules) -> ShownRules:
    """Say of unfinished rules what their forms would say."""
    rules = [
        replace(rule, problems=_reasons(kind, raw)) if rule.problems else rule
        for rule, raw in zip(shown.rules, body.get("rules", []), strict=False)
    ]
    return replace(shown, rules=rules)


def _reasons(kind: RuleKind, raw: dict[str, Any]) -> tuple[Problem, ...]:
    return tuple(Problem(at, text) for at, text in RuleForm(kind, raw, strict=True).problems)


def _overtaken(work: Work) -> int:
    """Return the number of the version in force, if it is not the one that the draft began with."""
    if work.draft is None:
        return 0
    try:
        number = current(work.kind.code).number
    except NoRules:
        return 0
    return number if number != work.based_on else 0
