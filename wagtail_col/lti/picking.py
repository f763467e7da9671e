"""Picking courses in a provider's catalogue: what came back is kept, looked at, and made courses.

The way: a ticket (``launching``) → the catalogue → ``ticket_for``, ``accept`` → the editor looks at
``picks`` → ``save_courses``. The answer comes without a session, so what ties it to the editor and
the page is ``data``, which we sent along, signed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from wagtail_col.conf import settings
from wagtail_col.lti import courses, pictures, seen
from wagtail_col.lti.models import Course, DeepLinkReturn, LaunchTicket, TicketKind, Tool
from wagtail_col.lti.platform.content import ContentItem, identity, read_item
from wagtail_col.lti.platform.deep_linking import DATA, IN_USE, ONCE, Response
from wagtail_col.lti.platform.requirements import Refused

#: How long somebody may look around in a catalogue.
LONGEST = timedelta(days=1)
#: How long picks wait to be placed.
KEPT = timedelta(days=30)

_SIGNER = Signer(salt="wagtail_col.lti.picking")


def data_for(ticket: LaunchTicket) -> str:
    """``data`` of the request: the same each time for one ticket, and nobody else can make it."""
    return _SIGNER.sign(f"{ticket.key}:{ticket.tool_user_id}:{ticket.context_id}")


def ticket_for(tool: Tool, data: str) -> LaunchTicket:
    """The ticket ``data`` was sent with. Raises ``Refused`` where it is none of this tool's."""
    try:
        key = UUID(_SIGNER.unsign(data).partition(":")[0])
    except (BadSignature, ValueError) as error:
        raise Refused(DATA, "not what was sent") from error
    ticket = (
        LaunchTicket.objects.filter(key=key, tool=tool, kind=TicketKind.DEEP_LINKING)
        .select_related("tool", "tool_user__user", "context")
        .first()
    )
    if ticket is None or not constant_time_compare(data, data_for(ticket)):
        raise Refused(DATA, "no ticket of this course provider")
    if ticket.used_at is None:
        raise Refused(DATA, "the catalogue was not opened with it")
    if timezone.now() - ticket.used_at > LONGEST:
        raise Refused(DATA, "older than a day")
    if not ticket.tool_user.user.is_active:
        raise Refused(DATA, "the account is closed")
    return ticket


def accept(ticket: LaunchTicket, response: Response) -> DeepLinkReturn:
    """Keep what was picked, once. Raises ``Refused``; a picture that fails is left out."""
    if not ticket.tool.is_active:
        raise Refused(IN_USE)
    expires_at = datetime.fromtimestamp(response.expires_at, UTC)
    try:
        with transaction.atomic():
            if not seen.remember(ticket.tool, "deep-linking", response.nonce, expires_at):
                raise Refused(ONCE, "the nonce was here before")
            returned = DeepLinkReturn.objects.create(
                ticket=ticket,
                items=[{"item": raw, "picture": ""} for raw in response.raw],
                message="\n".join(filter(None, (response.message, response.error_message))),
            )
    except IntegrityError as error:
        raise Refused(ONCE, "the catalogue has answered already") from error
    _add_pictures(returned, response)
    return returned


def _add_pictures(returned: DeepLinkReturn, response: Response) -> None:
    kept = pictures.keep_all(item.picture for item in response.items if item.is_course)
    if kept:
        for row, item in zip(returned.items, response.items, strict=True):
            row["picture"] = kept.get(item.picture, "")
        returned.save(update_fields=["items"])


@dataclass(frozen=True)
class Pick:
    """One thing that was picked. ``number`` counts from 0 in the answer.

    ``picture``: a name in the default storage. ``course``: the course it is already, if any.
    ``is_elsewhere``: it starts at a host its provider did not register, so it may not open.
    """

    number: int
    item: ContentItem
    title: str
    picture: str
    course: Course | None
    is_elsewhere: bool

    @property
    def picture_url(self) -> str:
        return courses.picture_url(self.picture)


def picks(returned: DeepLinkReturn) -> list[Pick]:
    """What was picked, each thing once, in two queries at most."""
    tool = returned.ticket.tool
    items: dict[str, tuple[int, ContentItem, str]] = {}
    for number, row in enumerate(returned.items):
        try:
            item = read_item(
                row["item"], launch_url=tool.launch_url, http_hosts=settings.FETCH_PRIVATE_HOSTS
            )
        except Refused:
            # Accepted once, but the site's settings have become stricter since.
            continue
        same = identity(item) if item.is_course else item.url
        items.setdefault(same, (number, item, row.get("picture", "")))
    known = {
        course.identity: course
        for course in Course.objects.filter(tool=tool, identity__in=list(items))
    }
    hosts = _hosts(tool)
    return [
        Pick(
            number=number,
            item=item,
            title=item.title or item.score_label or _("Course of %(name)s") % {"name": tool.name},
            picture=picture or (known[same].picture if same in known else ""),
            course=known.get(same),
            is_elsewhere=item.is_course and urlsplit(item.url).hostname not in hosts,
        )
        for same, (number, item, picture) in items.items()
    ]


def _hosts(tool: Tool) -> set[str | None]:
    """Where a tool said it is. A course that starts elsewhere can be real: we only warn of it."""
    urls = [tool.login_url, tool.launch_url, tool.deep_linking_url, *tool.redirect_uris]
    return {urlsplit(url).hostname for url in urls if url}


@transaction.atomic
def save_courses(returned: DeepLinkReturn, chosen: Collection[int]) -> dict[int, Course]:
    """Make courses of the chosen picks (by number), or bring those that are there up to date.

    Web links are no courses: they are not in what is returned.
    """
    ticket = returned.ticket
    saved = {}
    for pick in picks(returned):
        if pick.number in chosen and pick.item.is_course:
            saved[pick.number], _new = Course.objects.update_or_create(
                tool=ticket.tool,
                identity=identity(pick.item),
                defaults={**_values(pick), "picked_by": ticket.tool_user.user},
            )
    return saved


def _values(pick: Pick) -> dict:
    item = pick.item
    return {
        "url": item.url,
        "title": pick.title,
        "text": item.text,
        "picture": pick.picture,
        "minutes": item.minutes,
        "custom": dict(item.custom),
        "opens_in": item.opens_in,
        "available_from": item.available_from,
        "available_until": item.available_until,
        "submission_from": item.submission_from,
        "submission_until": item.submission_until,
        "score_maximum": item.score_maximum,
        "score_label": item.score_label,
        "resource_id": item.resource_id,
        "tag": item.tag,
        "submission_review": item.submission_review,
    }


def placed(returned: DeepLinkReturn) -> None:
    """The editor has put it into the page: it waits no longer."""
    DeepLinkReturn.objects.filter(pk=returned.pk).update(placed_at=timezone.now())


def returns_of(user, context_key: UUID) -> QuerySet[DeepLinkReturn]:
    """What somebody picked for a page, the newest first. Nobody else's."""
    return (
        DeepLinkReturn.objects.filter(
            ticket__tool_user__user=user, ticket__context__key=context_key
        )
        .select_related("ticket__tool", "ticket__tool_user__user")
        .order_by("-returned_at")
    )


def clean() -> int:
    """Take out picks that are too old, and their pictures that nobody uses. How many picks."""
    since = timezone.now() - KEPT
    old = DeepLinkReturn.objects.filter(returned_at__lt=since)
    names = _pictures(old)
    _all, deleted = old.delete()
    used = set(Course.objects.filter(picture__in=names).values_list("picture", flat=True))
    for name in names - used - _pictures(DeepLinkReturn.objects.all()) if names else ():
        pictures.forget(name)
    return deleted.get(DeepLinkReturn._meta.label, 0)


def _pictures(returns: QuerySet[DeepLinkReturn]) -> set[str]:
    rows = returns.values_list("items", flat=True)
    return {row["picture"] for items in rows for row in items if row.get("picture")}


def waiting(user, context_key: UUID) -> list[DeepLinkReturn]:
    """Picks that were not placed, and hold something."""
    found = returns_of(user, context_key).filter(
        placed_at=None, returned_at__gt=timezone.now() - KEPT
    )
    return [returned for returned in found if returned.items]
