"""Who somebody is at a tool, and which places of courses they are members of."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from wagtail_col.lookups import LookUp
from wagtail_col.lti.models import Context, Membership, MembershipState, Tool, ToolUser

_KNOWN = LookUp(lambda tool, user: ToolUser.objects.filter(tool=tool, user=user))
_MEMBERSHIP = LookUp(
    lambda context, tool_user: Membership.objects.filter(context=context, tool_user=tool_user)
)


def tool_user(tool: Tool, user) -> ToolUser:
    """``user`` as this tool knows them: a pseudonym of its own, made when first needed."""
    known, _created = ToolUser.objects.get_or_create(tool_id=tool.pk, user_id=user.pk)
    known.tool, known.user = tool, user
    return known


def find_tool_user(tool: Tool, user) -> ToolUser | None:
    """``user`` as this tool knows them, None if it does not."""
    known = _KNOWN.first(tool=tool.pk, user=user.pk)
    if known is None:
        return None
    known.tool, known.user = tool, user
    return known


def enter(tool_user: ToolUser, context: Context, role: str) -> Membership:
    """They have opened the tool's course in ``context``: from now on they are a member there.

    ``changed_at`` moves only when something changed, because tools ask for differences.
    """
    membership = _MEMBERSHIP.first(context=context.pk, tool_user=tool_user.pk)
    if membership is None:
        membership, _created = Membership.objects.get_or_create(
            context=context,
            tool_user=tool_user,
            defaults={"role": role, "changed_at": timezone.now()},
        )
    if (membership.role, membership.state) != (role, MembershipState.ACTIVE):
        membership.role = role
        membership.state = MembershipState.ACTIVE
        membership.changed_at = timezone.now()
        membership.save(update_fields=["role", "state", "changed_at"])
    return membership


def leave(context_key: UUID, user) -> int:
    """``user`` has left the place, for every tool there. How many memberships ended."""
    active = Membership.objects.filter(
        context__key=context_key, tool_user__user=user, state=MembershipState.ACTIVE
    )
    return active.update(state=MembershipState.LEFT, changed_at=timezone.now())
