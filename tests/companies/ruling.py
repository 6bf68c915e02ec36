"""Rules of designation as tests publish them, and what stands of a company then."""

from companies import services
from companies.designation import KIND
from prm import clock, due, rules


def rule(field, op, value, said="VENDOR_DIRECT", code="", name=""):
    code = code or f"{field}-{said}".lower()
    return {
        "code": code,
        "name": {"en": name or code},
        "when": {"field": field, "op": op, "value": value},
        "then": {"designation": said},
    }


BANKS = rule("name", "CONTAINS", "bank", code="banks", name="Banks are ours")


def publish(*some, actor, at=None, defaults=None):
    body = {"rules": list(some), "defaults": defaults or {}}
    return rules.publish(KIND, body, actor=actor, effective_at=at)


def add(name, mia, **more):
    return services.add_company(name=name, actor=mia, **more)


def drain():
    while due.drain():
        clock.forget()


def stands(company):
    company.refresh_from_db()
    return company.designation, company.designation_source, company.designation_rule


OPEN = ("OPEN", "RULE", "")
BY_BANKS = ("VENDOR_DIRECT", "RULE", "banks")
