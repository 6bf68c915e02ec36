"""What each reader can read, read once per process, with proof that reading changed nothing."""

from collections.abc import Mapping

from django.db import connection
from psycopg import sql

from tests.conftest import PortalClient
from tests.standing import matrix, urls
from tests.standing.crawling import Read, as_lists, crawl, read, starts
from tests.standing.matrix import Line
from tests.standing.seed import World
from tests.standing.sides import Reader

SCHEMAS = ("public", "acme", "globex", "ops")
OTHER = {"acme": "globex", "globex": "acme"}
SHUT = {"registrations:detail", "registrations:manage-detail", "companies:detail", "users:person"}
UNREAD = ("demo:", "account_logout", "action-link")  # a link from a mail is for whoever has it


class Readings:
    """Crawls on demand and remembers; `changed` names the tables that a crawl has changed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients: Mapping[str, PortalClient] = {}
        self.changed: dict[str, list[str]] = {}
        self._known: dict[str, list[Read]] = {}

    def of(self, reader: Reader) -> list[Read]:
        """Return everything a reader reads."""
        if str(reader) not in self._known:
            before = state()
            self._known[str(reader)] = self._crawl(reader)
            after = state()
            self.changed[str(reader)] = [name for name in before if before[name] != after[name]]
        return self._known[str(reader)]

    def _crawl(self, reader: Reader) -> list[Read]:
        host = "ops" if reader.schema == "ops" else "tenant"
        client, table = self.clients[reader.persona], matrix.lines()
        lines = [x for x in table if x.host == host and _is_page(x, reader.like)]
        keys = {**self.world.of("acme"), **self.world.of(reader.schema)}
        foreign = {**keys, **self.world.of(OTHER.get(reader.schema, "globex"))}
        begin = starts(lines, keys, foreign, urls.WITHOUT_DEMO[host])
        found = list(crawl(client, reader.schema, begin))
        lists = [page.url for page in found if "list" in (page.response.context or {})]
        searches = as_lists(lists, sorted(reader.forbidden))
        found += [read(client, reader.schema, url) for url in searches]
        found += [read(client, reader.schema, url, HX_Request="true") for url in lists]
        return found


def state() -> dict[str, tuple[int, str]]:
    """Return a digest of every table, sessions left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) "
            "AND tablename <> 'django_session' ORDER BY 1, 2",
            [list(SCHEMAS)],
        )
        tables = cursor.fetchall()
        query = sql.SQL(" UNION ALL ").join(
            sql.SQL(
                "SELECT {name}, count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text)))"
                " FROM {table} AS t"
            ).format(name=sql.Literal(f"{schema}.{table}"), table=sql.Identifier(schema, table))
            for schema, table in tables
        )
        cursor.execute(query)
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


def _is_page(line: Line, persona: str) -> bool:
    """Whether a persona gets something to read; a few that are shut are read as well."""
    if line.name.startswith(UNREAD):
        return False
    return line.outcomes[persona][0] in {"200", "301", "302"} or line.name in SHUT
