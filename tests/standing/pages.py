"""Every page that somebody can see, for the browser: one per URL and the states that matter besides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.standing import imports, matrix, operators
from tests.standing.addresses import address_of
from tests.standing.seed import World
from tests.standing.sending import keys_for
from tests.standing.urls import HOSTS, URLCONFS

PREFERRED = ("ada", "mia", "paula", "pat", "olga", "lea", "anon", "nadia")
UNSEEN = {  # answers that are no pages
    "account_logout": "signs out",
    "logo": "an image",
    "partners:receipt": "a PDF",
    "registrations:certificate": "a PDF",
    "registrations:manage-certificate": "a PDF",
    "registrations:file": "a file",
    "registrations:manage-file": "a file",
    "companies:list-report": "a file",
    "registrations:import-example": "a file",
    "registrations:import-report": "a file",
    "ui:brand": "a style sheet",
    "portal:brand-preview": "a fragment of a page",
    "demo:message-html": "the body of a mail, shown in a frame",
}
WITH_ERRORS = (  # forms sent with nothing in them
    "registrations:new", "registrations:availability", "registrations:deal",
    "registrations:close", "registrations:answer", "registrations:withdraw",
    "registrations:hand-over", "registrations:message", "registrations:file-add",
    "registrations:extension", "registrations:manage-message", "registrations:manage-note",
    "registrations:manage-file-add", "registrations:manage-extension-refuse", "users:view-save",
    "users:view-rename",
    "registrations:manage-decline", "registrations:manage-ask", "registrations:manage-split",
    "registrations:manage-jointly", "registrations:manage-duplicate", "registrations:manage-hold",
    "registrations:manage-reopen", "registrations:manage-revoke", "registrations:manage-absences",
    "registrations:manage-behalf", "registrations:manage-behalf-new", "registrations:manage-behalf-deal",
    "companies:add", "companies:tuning", "registrations:imports", "registrations:import-columns",
    "companies:edit", "companies:names", "companies:numbers", "companies:sites", "companies:lists",
    "companies:list-columns", "companies:split", "partners:manage-add", "partners:manage-invite",
    "partners:manage-person-act", "partners:own-invite", "partners:contact-add", "partners:terms",
    "partners:agreement-add", "partners:agreement-draft", "partners:profile-rule",
    "rules:rule", "rules:defaults", "rules:publish", "rules:again", "rules:withdraw",
    "portal:rate-add", "catalog:add", "users:me", "users:invite", "users:rename", "portal:sender", "portal:hours",
    "portal:closure-add", "portal:logo-change", "account_login", "account_change_password",
    "tenants:new", "tenants:suspend", "tenants:rename", "tenants:delete", "leads:agent-new", "leads:agent-edit", "leads:agent-qualify",
    "leads:decline", "leads:lost", "leads:manage-weight", "leads:manage-assign",
    "leads:manage-withdraw", "leads:manage-take-back",
)  # fmt: skip
LISTS = {
    "pat": ("/deals/", "/leads/"),
    "lea": ("/agent/leads/",),
    "mia": ("/manage/registrations/", "/manage/registrations/all/", "/manage/companies/",
            "/manage/partners/", "/manage/leads/", "/manage/availability/", "/reports/companies/"),
    "ada": ("/settings/people/", "/settings/people/invitations/", "/settings/audit/",
            "/settings/messages/", "/settings/rates/"),
}  # fmt: skip
STATES = (
    "draft",
    "bare",
    "waiting",
    "asked",
    "answered",
    "rejected",
    "withdrawn",
    "closed",
    "queued",
    "extending",
    "extended",
    "unextended",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One page: who opens it at which host, and whether a form is sent there with nothing in it."""

    what: str
    persona: str
    url: str
    host: str = "acme.localhost"
    sent_empty: bool = False

    def __str__(self) -> str:
        return self.what


def names() -> list[str]:
    """Return what the pages are called, before the world is there."""
    return [seen.what for seen in _every(None)]


def find(what: str, world: World) -> Seen:
    """Return one page."""
    return next(seen for seen in _every(world) if seen.what == what)


def _every(world: World | None) -> Iterator[Seen]:
    table, once = matrix.lines(), set()
    for line in table:  # what the operators share with a vendor is seen there
        if line.name in once:
            continue
        once.add(line.name)
        persona = next((p for p in PREFERRED if line.outcomes.get(p, ("", ""))[0] == "200"), None)
        if persona is None or line.name in UNSEEN:
            continue
        yield Seen(str(line), persona, _url(line.host, line.name, world), HOSTS[line.host])
    for line in table:
        if line.name in WITH_ERRORS and (line.host == "tenant" or line.name.startswith("tenants:")):
            persona = next(p for p in PREFERRED if _may_send(line.outcomes.get(p, ("", ""))))
            url = _url(line.host, line.name, world)
            yield Seen(f"{line} with errors", persona, url, HOSTS[line.host], sent_empty=True)
    yield from _more(world)


def _may_send(outcomes: tuple[str, str]) -> bool:
    """Whether somebody sees the form and may send it; who is led away from it never does."""
    get, post = outcomes
    return get in {"200", "405"} and post in {"200", "303", "302", "422"}


def _more(world: World | None) -> Iterator[Seen]:
    """States of lists and deals, links from mails, errors, and hosts without a portal."""
    keys = keys_for(world, "tenant") if world else {}
    for persona, lists in LISTS.items():
        for url in lists:
            yield Seen(f"{url} that finds nothing", persona, f"{url}?q=nothing+like+this")
    for tab in ("ending", "line"):
        yield Seen(f"the tab {tab} of deals", "pat", f"/deals/?view={tab}")
    yield Seen("a list that could be saved", "pat", "/deals/?q=kw")
    for url in ("/", "/deals/", "/partner/"):
        yield Seen(f"{url} of a new partner", "bea", url)
    for state in STATES:
        record = keys.get(f"own.{state}", "")
        yield Seen(f"a deal that is {state}, to its partner", "pat", f"/deals/{record}/")
        if state not in {"draft", "bare"}:
            url = f"/manage/registrations/{record}/"
            yield Seen(f"a deal that is {state}, to its referee", "mia", url)
    for state in ("behind", "clear", "approved", "pair", "twice", "whole", "held"):
        url = f"/manage/registrations/{keys.get(f'own.{state}', '')}/"
        yield Seen(f"a deal that is {state}, to its referee", "mia", url)
    yield from _behalf(keys)
    for text in ("kw", "nothing like this"):
        yield Seen(f"a search for {text}", "mia", f"/manage/search/?q={text.replace(' ', '+')}")
    for tab in ("mine", "held", "partner", "line"):
        yield Seen(f"the queue: {tab}", "mia", f"/manage/registrations/?view={tab}")
    for step in ("mapping", "loaded", "discard"):
        yield Seen(
            f"a list that is {step}",
            "mia",
            f"/manage/companies/lists/{keys.get(f'list.{step}', '')}/",
        )
    for step in imports.STEPS:
        yield Seen(
            f"an import that is {step}", "ada", f"{imports.URL}{keys.get(f'import.{step}', '')}/"
        )
    nothing = f"{imports.URL}{keys.get('import.done', '')}/rows/?q=nothing+like+this"
    yield Seen("rows of an import that nothing finds", "ada", nothing)
    split = f"/manage/companies/{keys.get('company.split', '')}/split/?preview=1"
    yield Seen("a split, seen before", "mia", f"{split}&names={keys.get('company.split.name', '')}")
    others = f"/manage/companies/{keys.get('company', '')}/others/?q=kw"
    yield Seen("another company, found", "mia", others)
    for number in ("2", "3"):  # a draft is for staff only; nobody has a third
        url = f"/partner/profile/terms/{keys.get('agreement', '')}/v{number}/"
        yield Seen(f"terms that are not there, version {number}", "paula", url)
    url = f"/partner/profile/terms/{keys.get('agreement', '')}/v1/"
    yield Seen("terms that are accepted", "paula", url)
    yield Seen(
        "terms, to whoever may not sign",
        "pat",
        f"/partner/profile/terms/{keys.get('terms', '')}/v1/",
    )
    yield Seen("a receipt that is none", "anon", "/verify/?reference=T-0000-0000&digest=0")
    for link in ("own.link.confirm", "own.link.stage", "own.invitation.link", "invitation.link"):
        yield Seen(f"the link {link}", "anon", f"/a/{keys.get(link, '')}/")
    yield from _rules(keys)
    yield from _leads(keys)
    yield Seen("a forged link", "anon", "/a/forged.link/")
    yield Seen("not found", "pat", "/nothing/here/")
    yield Seen("not found, signed out", "anon", "/nothing/here/")
    yield Seen("not allowed", "fin", "/settings/")
    yield Seen("no such method", "pat", "/deals/new/save/")
    yield Seen("no role at all", "nadia", "/")
    for what, key in operators.states():
        ops = keys_for(world, "ops") if world else {}
        yield Seen(what, "olga", f"/tenants/{ops.get(key, '')}/", HOSTS["ops"])
    for host in ("nowhere.localhost", "stopped.localhost"):
        yield Seen(f"the host {host}", "anon", "/", host)


def _behalf(keys: Mapping[str, str]) -> Iterator[Seen]:
    """A partner chosen by staff, and what staff registered or began, as both sides see it."""
    url = f"/manage/registrations/behalf/?partner={keys.get('own.partner', '')}"
    yield Seen("a partner to register for", "mia", url)
    yield Seen("its people, nobody chosen", "mia", url, sent_empty=True)
    yield Seen("a partner that is none", "mia", "/manage/registrations/behalf/?partner=none")
    yield Seen("a draft of staff, to its partner", "pat", f"/deals/{keys.get('own.behalf', '')}/")
    sent = keys.get("own.dictated", "")
    yield Seen("a deal staff registered, to its partner", "pat", f"/deals/{sent}/")
    yield Seen("a deal staff registered, to staff", "mia", f"/manage/registrations/{sent}/")


def _rules(keys: Mapping[str, str]) -> Iterator[Seen]:
    """A draft, versions in every state, a kind that nobody has changed, cases explained."""
    url = "/settings/rules/leads-distribution/"
    for number in ("2", "3", "4"):
        yield Seen(f"version {number} of rules", "mia", f"{url}v{number}/")
    yield Seen(
        "rules that nobody has changed", "ada", "/settings/rules/registrations-engagement/draft/"
    )
    lead = keys.get("lead.qualified", "")
    yield Seen("a case explained", "ada", f"{url}explain/?case={lead}")
    yield Seen("a case that is not there", "ada", f"{url}explain/?case=L-0000-0000")


def _leads(keys: Mapping[str, str]) -> Iterator[Seen]:
    """Offers in every state on both sides, links from an offer's mail, and a preview."""
    for state in ("open", "held", "contacted", "working", "lost", "declined", "withdrawn"):
        name = f"own.offer.{state}"
        yield Seen(f"an offer that is {state}, to its partner", "pat",
                   f"/leads/{keys.get(name, '')}/")  # fmt: skip
        yield Seen(f"a lead whose offer is {state}, to its distributor", "mia",
                   f"/manage/leads/{keys.get(f'{name}.lead', '')}/")  # fmt: skip
    for state in ("qualified", "stuck", "disqualified"):
        lead = keys.get(f"lead.{state}", "")
        yield Seen(f"a lead that is {state}, to its distributor", "mia", f"/manage/leads/{lead}/")
        yield Seen(f"a lead that is {state}, to its agent", "lea", f"/agent/leads/{lead}/")
    yield Seen("a lead that is begun", "lea", f"/agent/leads/{keys.get('lead.begun', '')}/edit/")
    both = f"selected={keys.get('lead.qualified', '')}&selected={keys.get('lead.stuck', '')}"
    yield Seen("a preview of two leads", "mia", f"/manage/leads/preview/?{both}")
    for answer in ("accept", "decline"):
        yield Seen(f"the link to {answer} an offer", "anon",
                   f"/a/{keys.get(f'offer.own.{answer}', '')}/")  # fmt: skip


def _url(host: str, name: str, world: World | None) -> str:
    if world is None:
        return ""
    return address_of(name).url(name, keys_for(world, host), URLCONFS[host])
