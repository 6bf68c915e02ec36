"""Links in mails that act without a sign-in: `create`, `token`, `open_link`, `use`, `landing`."""

from prm.links.services import LinkInvalid, create, landing, open_link, path, token, use

__all__ = ["LinkInvalid", "create", "landing", "open_link", "path", "token", "use"]
