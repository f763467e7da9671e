"""Accounts to try the site with. All of them have the same password, for the demo only."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission, User

from example_site.demo.loading.keys import key
from wagtail_col.pages.models import ProviderTeam
from wagtail_col.people import bands

PASSWORD = "demo"  # noqa: S105


@dataclass(frozen=True)
class Account:
    """``groups`` are Wagtail's own; ``team`` is the short name of a provider."""

    username: str
    name: str
    what: str
    groups: tuple[str, ...] = ()
    team: str = ""
    is_admin: bool = False
    is_under: bool = False

    @property
    def email(self) -> str:
        return f"{self.username}@example.org"


#: What Wagtail's own groups may do beside pages.
RIGHTS = {
    "Editors": (
        "add_achievement",
        "change_achievement",
        "add_skill",
        "change_skill",
        "add_interest",
        "change_interest",
    ),
    "Moderators": (
        "change_achievement",
        "publish_achievement",
        "change_interest",
        "change_importsource",
        "add_tool",
        "change_tool",
        "view_tool",
    ),
}

ACCOUNTS = (
    Account("admin", "Alba Admin", "may do everything", is_admin=True),
    Account(
        "editor",
        "Eva Editor",
        "edits and publishes all pages, imports, connects course providers",
        groups=("Editors", "Moderators"),
    ),
    Account(
        "nave", "Noa Nave", "edits for the provider Nave Sur, has a youth group", team="nave-sur"
    ),
    Account("huerta", "Hugo Huerta", "edits for the provider Huerta", team="huerta-del-puente"),
    Account("ines", "Inés Prieto", "learner, has just joined a line"),
    Account("marko", "Marko Zupan", "learner, on the way along two lines"),
    Account("ana", "Ana Robles", "learner, has earned a badge"),
    Account("leo", "Leo Martín", "learner under 14, may what a guardian allowed", is_under=True),
    Account("zoe", "Zoe Martín", "learner under 14, waits for a guardian's yes", is_under=True),
)


def load_people() -> dict[str, User]:
    """The accounts by user name, their e-mail addresses confirmed so that log-in by code works."""
    for group, codenames in RIGHTS.items():
        rights = Permission.objects.filter(
            content_type__app_label__in=("col_badges", "col_catalogue", "col_lti"),
            codename__in=codenames,
        )
        Group.objects.get(name=group).permissions.add(*rights)
    # Hashed once: it takes as long as a password should.
    password = make_password(PASSWORD)
    people = {}
    for account in ACCOUNTS:
        first_name, last_name = account.name.split()
        user = User.objects.create(
            username=account.username,
            email=account.email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            is_staff=account.is_admin,
            is_superuser=account.is_admin,
        )
        user.groups.set(Group.objects.filter(name__in=account.groups))
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        bands.say(user, is_under=account.is_under)
        people[user.username] = user
    return people


def join_teams(people: dict[str, User]) -> dict[str, User]:
    """Put each provider's editor into the provider's team; the editors by provider."""
    members = {account.team: people[account.username] for account in ACCOUNTS if account.team}
    for slug, user in members.items():
        user.groups.add(ProviderTeam.objects.get(key=key("provider", slug)).group)
    return members
