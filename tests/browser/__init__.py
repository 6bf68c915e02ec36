"""What browser tests share: axe, a way to run pages without a server, the browser itself."""
