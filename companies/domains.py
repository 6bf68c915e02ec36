"""Web domains as evidence of identity: from whatever was typed to a registrable domain. Pure.

Free mail and shared hosts identify nobody: two companies with addresses there have nothing in
common.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList

MAX_LENGTH = 253

FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.co.uk",
        "hotmail.de",
        "hotmail.fr",
        "live.com",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "yahoo.de",
        "yahoo.fr",
        "yahoo.co.jp",
        "yahoo.co.in",
        "ymail.com",
        "rocketmail.com",
        "aol.com",
        "aim.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "proton.me",
        "protonmail.com",
        "protonmail.ch",
        "pm.me",
        "tutanota.com",
        "tuta.io",
        "gmx.de",
        "gmx.net",
        "gmx.at",
        "gmx.ch",
        "gmx.com",
        "web.de",
        "t-online.de",
        "freenet.de",
        "arcor.de",
        "1und1.de",
        "mail.de",
        "posteo.de",
        "mailbox.org",
        "mail.com",
        "email.com",
        "zoho.com",
        "yandex.com",
        "yandex.ru",
        "ya.ru",
        "mail.ru",
        "bk.ru",
        "inbox.ru",
        "list.ru",
        "rambler.ru",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "sfr.fr",
        "neuf.fr",
        "libero.it",
        "virgilio.it",
        "alice.it",
        "tiscali.it",
        "tin.it",
        "hotmail.it",
        "hotmail.es",
        "telefonica.net",
        "terra.com.br",
        "uol.com.br",
        "bol.com.br",
        "ig.com.br",
        "qq.com",
        "163.com",
        "126.com",
        "sina.com",
        "sina.cn",
        "sohu.com",
        "yeah.net",
        "139.com",
        "foxmail.com",
        "naver.com",
        "daum.net",
        "hanmail.net",
        "rediffmail.com",
        "btinternet.com",
        "virginmedia.com",
        "sky.com",
        "talktalk.net",
        "ntlworld.com",
        "comcast.net",
        "verizon.net",
        "att.net",
        "sbcglobal.net",
        "bellsouth.net",
        "cox.net",
        "charter.net",
        "earthlink.net",
        "shaw.ca",
        "rogers.com",
        "sympatico.ca",
        "bigpond.com",
        "optusnet.com.au",
        "telenet.be",
        "skynet.be",
        "ziggo.nl",
        "kpnmail.nl",
        "xs4all.nl",
        "planet.nl",
        "home.nl",
        "bluewin.ch",
        "hispeed.ch",
        "chello.at",
        "aon.at",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "interia.pl",
        "seznam.cz",
        "centrum.cz",
        "abv.bg",
        "ukr.net",
        "fastmail.com",
        "fastmail.fm",
        "hushmail.com",
        "hey.com",
        "duck.com",
        "mailinator.com",
    ]
)
SHARED_HOSTS = frozenset(
    [
        "linkedin.com",
        "facebook.com",
        "fb.com",
        "instagram.com",
        "twitter.com",
        "x.com",
        "youtube.com",
        "youtu.be",
        "tiktok.com",
        "xing.com",
        "pinterest.com",
        "medium.com",
        "substack.com",
        "google.com",
        "goo.gl",
        "bit.ly",
        "linktr.ee",
        "github.com",
        "gitlab.com",
        "wikipedia.org",
        "crunchbase.com",
        "bloomberg.com",
        "yelp.com",
        "indeed.com",
        "glassdoor.com",
        "sharepoint.com",
        "onmicrosoft.com",
        "wordpress.com",
        "blogspot.com",
        "wixsite.com",
        "wix.com",
        "weebly.com",
        "squarespace.com",
        "jimdo.com",
        "jimdofree.com",
        "webflow.io",
        "godaddysites.com",
        "strikingly.com",
        "shopify.com",
        "myshopify.com",
        "etsy.com",
        "ebay.com",
        "amazonaws.com",
        "cloudfront.net",
        "azurewebsites.net",
        "herokuapp.com",
        "netlify.app",
        "vercel.app",
        "github.io",
        "gitlab.io",
        "pages.dev",
        "web.app",
        "firebaseapp.com",
        "appspot.com",
        "notion.site",
        "carrd.co",
        "salesforce.com",
        "force.com",
        "hubspot.com",
        "zendesk.com",
        "atlassian.net",
        "eventbrite.com",
        "mailchimp.com",
        "dropbox.com",
        "apple.com",
        "whatsapp.com",
        "telegram.org",
        "t.me",
    ]
)

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?://)?", re.IGNORECASE)
_END_OF_HOST = re.compile(r"[/?#\s\\,;<>\"'()\[\]]")
_ADDRESS = re.compile(r"[^\s@<>:/]+@([^\s@<>,;]+)")
_LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")


@lru_cache(maxsize=4096)
def normalise_domain(typed: str) -> str:
    """The registrable domain in a host name, address, link or e-mail; "" when there is none."""
    host = host_of(typed)
    if not host or _is_address(host):
        return ""
    return _suffixes().privatesuffix(host) or ""


def host_of(typed: str) -> str:
    """The host name in whatever was typed, lower case, as ASCII; "" when there is none."""
    text = typed.strip()[:2000].strip("<>\"'()[] ")
    text = _SCHEME.sub("", text) if "://" in text or text.lower().startswith("mailto:") else text
    address = _ADDRESS.search(text)
    text = address.group(1) if address else text.removeprefix("//")
    host = _END_OF_HOST.split(text, maxsplit=1)[0]
    host = host.rpartition("@")[2].partition(":")[0].strip(".").lower()
    host = host.replace("\u3002", ".")
    try:
        host = host.encode("idna").decode("ascii").lower() if not host.isascii() else host
    except UnicodeError:
        return ""
    labels = host.split(".")
    if len(host) > MAX_LENGTH or len(labels) < 2 or not all(map(_LABEL.match, labels)):
        return ""
    return host


def is_shared(domain: str) -> bool:
    """Whether many companies have addresses or pages at this domain."""
    return (
        domain in FREE_MAIL
        or domain in SHARED_HOSTS
        or any(domain.endswith(f".{host}") for host in SHARED_HOSTS)
    )


def identifying(typed: str) -> str:
    """The registrable domain if it says who a company is; "" for none, free mail, shared hosts."""
    domain = normalise_domain(typed)
    return "" if is_shared(domain) else domain


def label_of(domain: str) -> str:
    """The name part of a registrable domain ("ibm" of "ibm.co.uk"), letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", domain.partition(".")[0])


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
