"""Answers that Django leaves empty get a page: one comes back to a form's address after signing in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

METHOD_NOT_ALLOWED = 405


class EmptyAnswersMiddleware:
    """Fills the body of 405 for browsers; status and headers stay."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; write a sentence where there is none."""
        response = self.get_response(request)
        if (
            response.status_code == METHOD_NOT_ALLOWED
            and not response.streaming
            and not response.content
            and request.accepts("text/html")
        ):
            response.content = render(request, "errors/405.html").content
        return response
