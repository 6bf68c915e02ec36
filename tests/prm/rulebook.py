"""Rules of distribution as the tests of their pages write and read them."""

import re

from leads import engagement
from prm.rules.drafts import work_on

KIND = engagement.KIND
URL = "/settings/rules/leads-distribution/"
LARGE = {
    "code": "large",
    "name": {"en": "Large leads", "de": "Große Leads"},
    "when": {"all": [
        {"field": "value", "op": "AT_LEAST", "value": {"amount": "50000", "currency": "USD"}},
        {"field": "country", "op": "ONE_OF", "value": ["DE", "AT"]},
    ]},
    "then": {"accept_days": "1"},
}  # fmt: skip


def body(*rule_bodies, **defaults) -> dict:
    return {"rules": list(rule_bodies), "defaults": engagement.DEFAULTS | defaults}


def text_of(response) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("&nbsp;", " "))


def begin(client) -> str:
    """Add a rule to a fresh draft; return its page's address."""
    version = work_on(KIND).version
    response = client.post(f"{URL}draft/add/", {"version": version})
    assert response.status_code == 303
    return response["Location"]


def sent(client, url: str, **more):
    """Send a rule's form."""
    form = {"version": work_on(KIND).version, "name-en": "New rule", "kind-0": "all", "do": "save"}
    return client.post(url, form | more)


def row(path: str, field: str, op: str, value="", **more) -> dict:
    return {
        f"field-{path}": field, f"op-{path}": op, f"was-{path}": f"{field}:{op}",
        f"value-{path}": value, **more,
    }  # fmt: skip
