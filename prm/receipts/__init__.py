"""Receipts that anybody can verify: a random reference and an event's digest, printed in a PDF.

A room registers a kind by the letters before its references; the public page and the command
`verify_receipt` ask whoever registered it.
"""

from prm.receipts.marks import Mark, mark_of, read_marks
from prm.receipts.registry import Genuine, Kept, register, verify

__all__ = ["Genuine", "Kept", "Mark", "mark_of", "read_marks", "register", "verify"]
