"""The ledger's format, written down once, and its offline verifier.

This file needs Python's standard library and nothing else. The portal seals and verifies with these
very functions; an auditor who holds an extract (JSON lines) needs only this file:

    python extract.py ledger.jsonl [--head DIGEST]

Format version 1. A digest is SHA-256 over fields, each written as its length in bytes, a colon and
the bytes, so that no two different lists of fields give the same input.

    commitment = digest("prm-commitment-1", salt in hexadecimal, canonical(private)), or "" when
                        nothing is private
    event      = digest("prm-event-1", uid, code, target label, target uid, actor uid or "",
                        instant in UTC to the microsecond, canonical(data), commitment)
    seal       = digest("prm-seal-1", number, previous seal's digest, event digest, instant of sealing)

The first seal has number 1 and follows 64 zeros.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

FORMAT = "prm-ledger-1"
GENESIS = "0" * 64
MAX_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """A value has no canonical form: a float, a huge integer, an odd key or a broken string."""


def canonical(value: Any) -> str:
    """Return canonical JSON, version 1.

    null, booleans, integers up to 2^53 - 1, strings, lists and objects; keys sorted by code point,
    no spaces, nothing escaped but what JSON demands. Raises NotCanonical for anything else.
    """
    _check(value)
    return _write(value)


_write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _check(value: Any) -> None:
    kind = type(value)
    if kind is str:
        _check_text(value)
    elif kind is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise NotCanonical(f"{key!r} is not a text key.")
            _check_text(key)
            _check(item)
    elif kind is list:
        for item in value:
            _check(item)
    elif kind is int:
        if abs(value) > MAX_INTEGER:
            raise NotCanonical(f"{value} is too large; write it as text.")
    elif value is not None and kind is not bool:
        raise NotCanonical(f"{kind.__name__} has no canonical form; write it as text.")


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise NotCanonical("Text holds a NUL character.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise NotCanonical("Text holds half a surrogate pair.") from error


def instant(at: datetime) -> str:
    """Return an instant the way digests spell it: UTC, microseconds, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _digest(*fields: str) -> str:
    if "".join(fields).isascii():  # then characters are bytes; nearly always, and much faster
        prefixed = "".join([f"{len(field)}:{field}" for field in fields])
    else:
        prefixed = "".join([f"{len(field.encode())}:{field}" for field in fields])
    return hashlib.sha256(prefixed.encode()).hexdigest()


def commitment(salt: bytes, private: Mapping[str, Any]) -> str:
    """Return the salted commitment to an event's private part; the salt is spelt in hexadecimal."""
    return _digest("prm-commitment-1", salt.hex(), canonical(dict(private)))


class EventFacts(NamedTuple):
    """The chained part of one event, spelt as text."""

    uid: str
    code: str
    target_label: str
    target_uid: str
    actor_uid: str
    at: str
    data: Any
    commitment: str

    def digest(self) -> str:
        """Return the event's digest, known as soon as it is recorded.

        `data` is written without being checked again: what has no canonical form was never recorded,
        so its digest differs from the sealed one.
        """
        return _digest(
            "prm-event-1",
            self.uid,
            self.code,
            self.target_label,
            self.target_uid,
            self.actor_uid,
            self.at,
            _write(self.data),
            self.commitment,
        )


def seal_digest(number: int, previous: str, event: str, sealed_at: str) -> str:
    """Return the digest of one link of the chain."""
    return _digest("prm-seal-1", str(number), previous, event, sealed_at)


class Link(NamedTuple):
    """One sealed event as stored: the link, the event, and its private part if it still exists."""

    number: int
    previous: str
    digest: str
    sealed_at: str
    event: EventFacts | None
    salt: bytes | None = None
    private: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing that is wrong with a chain."""

    number: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"seal {self.number}: {self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found: how far the chain holds, its head, and the first break if any."""

    count: int
    head: str
    broken: Break | None

    @property
    def holds(self) -> bool:
        """True when nothing is wrong."""
        return self.broken is None


def verify(
    links: Iterable[Link], *, first: int = 1, previous: str = GENESIS, head: str | None = None
) -> Verdict:
    """Walk a chain and stop at the first break.

    ``head`` is a digest known from outside (a mail, a printed receipt): it must be one of the
    chain's. Only such a head can show that the newest links were cut off.
    """
    count, seen = 0, head is None or head == previous
    for link in links:
        broken = _broken(link, first + count, previous)
        if broken:
            return Verdict(count, previous, broken)
        count, previous = count + 1, link.digest
        seen = seen or link.digest == head
    if not seen:
        text = f"the chain ends here and never had the digest {head}"
        return Verdict(count, previous, Break(first + count, "truncated", text))
    return Verdict(count, previous, None)


def _broken(link: Link, number: int, previous: str) -> Break | None:
    if link.number != number:
        kind = "deleted" if link.number > number else "inserted"
        return Break(number, kind, f"number {link.number} stands where {number} belongs")
    if link.previous != previous:
        text = "does not follow the link before it: a row was swapped, inserted or deleted"
        return Break(number, "swapped", text)
    if link.event is None:
        return Break(number, "deleted", "its event is gone")
    try:
        expected = seal_digest(number, previous, link.event.digest(), link.sealed_at)
    except ValueError as error:
        return Break(number, "edited", str(error))
    if link.digest != expected:
        return Break(number, "edited", f"event {link.event.uid} is not what was sealed")
    return _private_broken(link, link.event)


def _private_broken(link: Link, event: EventFacts) -> Break | None:
    if link.private is None or link.salt is None:
        return None
    try:
        kept = commitment(link.salt, link.private) == event.commitment
    except ValueError:
        kept = False
    text = f"the private part of event {event.uid} is not what was committed to"
    return None if kept else Break(link.number, "edited", text)


def dump(link: Link) -> str:
    """Return one line of an extract."""
    assert link.event is not None
    event = link.event
    line: dict[str, Any] = {
        "number": link.number,
        "previous": link.previous,
        "digest": link.digest,
        "sealed_at": link.sealed_at,
        "event": event._asdict(),
    }
    if link.private is not None and link.salt is not None:
        line |= {"salt": link.salt.hex(), "private": dict(link.private)}
    return json.dumps(line, ensure_ascii=False)


def load(line: str) -> Link:
    """Read one line of an extract; ValueError when it is not one."""
    try:
        raw = json.loads(line)
        event = EventFacts(**raw["event"])
        link = Link(
            number=raw["number"],
            previous=raw["previous"],
            digest=raw["digest"],
            sealed_at=raw["sealed_at"],
            event=event,
            salt=bytes.fromhex(raw["salt"]) if "salt" in raw else None,
            private=raw.get("private"),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a line of an extract: {error}") from error
    texts = (link.previous, link.digest, link.sealed_at, *event._replace(data=""))
    if type(link.number) is not int or not all(isinstance(text, str) for text in texts):
        raise ValueError("not a line of an extract: a value has the wrong type")
    return link


def verify_extract(lines: Iterable[str], *, head: str | None = None) -> Verdict:
    """Verify an extract: a header line, then one line per sealed event.

    It must end at the head that its own header names and, if given, contain ``head``.
    """
    rest = iter(lines)
    header = json.loads(next(rest, "null"))
    wanted = {"format", "first", "previous", "head"}
    if not isinstance(header, dict) or not wanted <= set(header) or header["format"] != FORMAT:
        raise ValueError(f"This is not an extract of format {FORMAT}.")
    links: Iterator[Link] = (load(line) for line in rest if line.strip())
    first = int(header["first"])
    verdict = verify(links, first=first, previous=header["previous"], head=head)
    if verdict.broken is None and verdict.head != header["head"]:
        text = f"the extract ends here, but was made at {header['head']}"
        return Verdict(verdict.count, verdict.head, Break(first + verdict.count, "truncated", text))
    return verdict


def main(arguments: list[str] | None = None) -> int:
    """Verify an extract from the command line; the exit status is 0 when the chain holds."""
    parser = argparse.ArgumentParser(description="Verify an extract of the ledger, offline.")
    parser.add_argument("extract")
    parser.add_argument("--head", help="a digest known from outside that the chain must contain")
    options = parser.parse_args(arguments)
    with open(options.extract, encoding="utf-8") as lines:
        verdict = verify_extract(lines, head=options.head)
    if verdict.broken:
        sys.stderr.write(f"BROKEN after {verdict.count} good links: {verdict.broken}\n")
        return 1
    sys.stdout.write(f"The chain holds: {verdict.count} links, head {verdict.head}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
