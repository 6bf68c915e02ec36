"""PDF documents: HTML from a Django template, made into a PDF by a process of its own."""

from prm.documents.rendering import DocumentFailed, render, render_html

__all__ = ["DocumentFailed", "render", "render_html"]
