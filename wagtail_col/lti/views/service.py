"""What the services have in common: an access token is asked for, answers are JSON, all is logged.

Sources: Security Framework 1.0, section 4; RFC 6750 (bearer tokens).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from wagtail_col.lti import granting, log
from wagtail_col.lti.models import Course, LineItem, Message, Tool
from wagtail_col.lti.platform import bodies, paging
from wagtail_col.lti.platform.requirements import Refused


@dataclass
class Call:
    """One call of a service by a tool. ``key``: of the context or line item in the address.

    ``course``: the one it is about, for the log, as soon as that is known. ``is_logged``: it has
    been written down that all was well.
    """

    request: HttpRequest
    tool: Tool
    key: UUID
    message: Message
    course: Course | None = None
    is_logged: bool = False

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent. Raises ``Refused``; never reads more than is allowed."""
        bodies.check_type(self.request.headers.get("Content-Type", ""))
        return bodies.read_object(read_bounded(self.request, bodies.MOST_BYTES))

    def query(self) -> list[tuple[str, str]]:
        """The parameters of the query, those that are there twice included."""
        lists = self.request.GET.lists()
        return [(name, value) for name, values in lists for value in values]

    def about(self, line_item: LineItem) -> None:
        link = line_item.resource_link
        self.course = link.course if link else None

    def done(self) -> None:
        """All was well: written into the log, once."""
        if not self.is_logged:
            log.done(self.tool, self.message, course=self.course)
            self.is_logged = True


class Operation(NamedTuple):
    """``do`` answers a call that has one of these scopes."""

    any_of: tuple[str, ...]
    do: Callable[[Call], HttpResponse]


def service(message: Message, **operations: Operation) -> Callable[..., HttpResponse]:
    """A view with an operation for each HTTP method that it knows."""

    @csrf_exempt
    def view(request: HttpRequest, key: UUID) -> HttpResponse:
        operation = operations.get(request.method or "")
        if operation is None:
            return _not_allowed(operations)
        tool, call = None, None
        try:
            caller = granting.caller(request.headers.get("Authorization"))
            tool = caller.tool
            granting.check_scope(caller, operation.any_of)
            call = Call(request, tool, key, message)
            response = operation.do(call)
        except Refused as refused:
            log.refused(tool, message, refused, course=call.course if call else None)
            return _error(request, refused, operation.any_of)
        call.done()
        response["Cache-Control"] = "no-store"
        return response

    return view


def answer(value: Any, media_type: str, status: int = 200) -> JsonResponse:
    return JsonResponse(value, safe=False, status=status, content_type=media_type)


def linked(response: HttpResponse, url: str, **queries: str) -> HttpResponse:
    """With a ``Link`` header: by relation, the query of the address; none where that is empty."""
    links = {relation: f"{url}?{query}" for relation, query in queries.items() if query}
    if links:
        response["Link"] = paging.link_header(links)
    return response


def read_bounded(request: HttpRequest, most_bytes: int) -> bytes:
    """The body of a request. Raises ``Refused`` when it is longer, without reading on."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > most_bytes:
        raise Refused(bodies.BODY_SIZE, f"{length} bytes")
    body = request.read(most_bytes + 1)
    if len(body) > most_bytes:
        raise Refused(bodies.BODY_SIZE, f"more than {most_bytes} bytes")
    return body


def description(refused: Refused) -> str:
    """What was wrong, in English and in the characters that RFC 6749, section 5.2, allows."""
    with translation.override("en"):
        text = f"{refused.requirement.field}: {refused.requirement.says}"
    if refused.detail:
        text += f" ({refused.detail})"
    for typographic, plain in (("’", "'"), ("“", "'"), ("”", "'"), ('"', "'"), ("\\", "/")):
        text = text.replace(typographic, plain)
    return "".join(c if " " <= c <= "~" else "?" for c in text)


def _error(request: HttpRequest, refused: Refused, any_of: Iterable[str]) -> JsonResponse:
    # A site with addresses by language looks for a page of this address in the reader's language
    # where an answer is 404, and redirects. With only our own addresses to look at it does not.
    request.urlconf = "wagtail_col.lti.urls"  # type: ignore[attr-defined]
    requirement, says = refused.requirement, description(refused)
    body = {
        "status": requirement.status,
        "error": requirement.error,
        "error_description": says,
        # Short and stable, for whoever programs against it.
        "requirement": requirement.code,
    }
    response = JsonResponse(body, status=requirement.status)
    response["Cache-Control"] = "no-store"
    if requirement.status in (401, 403):
        response["WWW-Authenticate"] = _challenge(requirement.error, says, any_of)
    return response


def _challenge(error: str, says: str, any_of: Iterable[str]) -> str:
    """RFC 6750, section 3: no code for who came without any token."""
    if error == "invalid_token":
        return f'Bearer error="{error}", error_description="{says}"'
    if error == "insufficient_scope":
        return f'Bearer error="{error}", scope="{" ".join(any_of)}"'
    return "Bearer"


def _not_allowed(methods: Iterable[str]) -> JsonResponse:
    body = {
        "status": 405,
        "error": "method_not_allowed",
        "error_description": "This address does not know that method.",
    }
    response = JsonResponse(body, status=405)
    response["Allow"] = ", ".join(methods)
    response["Cache-Control"] = "no-store"
    return response
