"""Where a step's course is opened, what a page says, and who looks at courses as a mentor."""

import re
from html import unescape

from django.contrib.auth.models import Permission
from django.urls import reverse

from tests import factories


def url_of(step, name="open_course") -> str:
    return reverse(f"col_learning:{name}", args=[step.key])


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def mentor():
    user = factories.UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="mentor_learners"))
    return user
