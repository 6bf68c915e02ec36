"""Links in mails that act without a sign-in: `create`, `token`, `open_link`, `use`, `is_live`, `landing`."""

from prm.links.services import (
    LinkInvalid,
    create,
    create_all,
    is_live,
    landing,
    open_link,
    path,
    token,
    use,
)

__all__ = [
    "LinkInvalid",
    "create",
    "create_all",
    "is_live",
    "landing",
    "open_link",
    "path",
    "token",
    "use",
]
