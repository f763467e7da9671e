"""A real provider (PyLTI1p3), the site as a process of its own, and real connections between them.

The site runs under ``python -O``, where an ``assert`` would guard nothing; the longest way under
``python`` as well.
"""

import pytest
import requests
from django.urls import reverse

from tests.factories import AchievementFactory, UserFactory, playlist_page, territory_page
from tests.learning.build import course, line
from tests.lti import build, processes
from tests.lti.processes import Browser
from wagtail_col.badges.models import Award
from wagtail_col.learning import journey
from wagtail_col.learning.models import Completion, Evidence, Playlist
from wagtail_col.lti import diagnosing
from wagtail_col.lti.diagnosing import Verdict
from wagtail_col.lti.models import Course, LineItem, LogEntry, Tool, ToolState
from wagtail_col.pages.standard.models import PlaylistPage

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # On one worker: the servers are forked from one process, which takes seconds to start.
    pytest.mark.xdist_group("lti-servers-optimised"),
]
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


@pytest.fixture
def site(request, settings):
    with processes.server(optimised=getattr(request, "param", "-O") == "-O") as server:
        settings.WAGTAIL_COL = {
            **settings.WAGTAIL_COL,
            "BASE_URL": server.url,
            "FETCH_PRIVATE_HOSTS": ["127.0.0.1", "localhost"],
        }
        yield server.url


@pytest.fixture(scope="module")
def provider():
    """Each test's site is another platform to it."""
    with processes.provider() as url:
        yield url


@pytest.fixture
def editor(site):
    """A superuser in the admin."""
    user = UserFactory(username="editor", is_superuser=True, is_staff=True, first_name="Eva")
    return logged_in(site, user)


def logged_in(site: str, user) -> Browser:
    browser = Browser()
    browser.open(f"{site}/accounts/login/")
    browser.send(browser.form("form"), username=user.username, password="secret")
    return browser


def tools_admin(site: str) -> str:
    return f"{site}/admin/learning/course-providers/"


def connect_by_itself(site: str, provider: str, editor: Browser) -> Tool:
    """Dynamic Registration, and the coordinator's approval of everything it asks for."""
    editor.open(f"{tools_admin(site)}add/")
    editor.send(editor.form("form:has([name=url])"), url=f"{provider}/register", link="1")
    window = Browser()
    window.open(editor.page.select_one("a[target=col-registration]")["href"])
    assert "Connected" in window.text
    editor.follow("I am done, show me")
    tool = Tool.objects.get()
    assert tool.state == ToolState.PENDING
    approve(editor)
    return Tool.objects.get()


def approve(editor: Browser) -> None:
    """Tick all, and approve."""
    form = editor.form("form:has([name=may_grades])")
    everything = dict.fromkeys(("may_grades", "may_names", "may_emails", "may_rosters"), "on")
    editor.send(form, **everything, opens_in="window", approve="1")
    assert Tool.objects.get().state == ToolState.ACTIVE, editor.text


def connect_by_hand(site: str, provider: str, editor: Browser) -> Tool:
    """Each side's values copied into the other's form."""
    editor.open(f"{tools_admin(site)}add/")
    editor.send(editor.form("form:has([name=name])"), name="Open Classroom", hand="1")
    shown = {
        field["id"].removeprefix("copy-"): field["value"]
        for field in editor.page.select("input[id^=copy-]")
    }
    theirs = Browser()
    theirs.open(f"{provider}/")
    theirs.send(
        theirs.form("main form"),
        issuer=shown["issuer"],
        client_id=shown["client-id"],
        deployment_id=shown["deployment-id"],
        auth_login_url=shown["auth"],
        auth_token_url=shown["token"],
        key_set_url=shown["jwks"],
    )
    assert "Connected" in theirs.text
    editor.send(
        editor.form("form:has([name=login_url])"),
        login_url=f"{provider}/login",
        launch_url=f"{provider}/launch",
        deep_linking_url=f"{provider}/launch",
        jwks_url=f"{provider}/jwks",
        custom="language=$Message.locale",
    )
    approve(editor)
    return Tool.objects.get()


CONNECT = {"by itself": connect_by_itself, "by hand": connect_by_hand}


@pytest.mark.parametrize("how", CONNECT)
def test_a_provider_is_connected_and_tested(site, provider, editor, how):
    tool = CONNECT[how](site, provider, editor)
    assert tool.redirect_uris == [f"{provider}/launch"]
    editor.send(editor.form("form[action*=test]"))
    found = {check.code: check.verdict for check in diagnosing.diagnose(tool)}
    assert Verdict.FAILED not in found.values(), found
    assert "It can be read: 1 key" in editor.text


def pick(site: str, editor: Browser, page, *lessons: str) -> PlaylistPage:
    """Pick lessons in the provider's own catalogue, add them all, publish the page."""
    editor.open(site + reverse("col_admin_courses", args=[page.pk]))
    editor.follow("Open the catalogue")
    assert "Pick courses" in editor.text
    editor.send(editor.form("form"), lesson=list(lessons))
    assert "2 courses." in editor.text, "what the provider says to the editor"
    editor.send(editor.form("form:has(.col-picks)"))
    assert "in the draft" in editor.text
    page.refresh_from_db()
    page.get_latest_revision().publish()
    return PlaylistPage.objects.get(pk=page.pk)


class Walk:
    """A provider that is connected, and a line of two of its courses with a badge at its end."""

    def __init__(self, site: str, tool: Tool, playlist: Playlist, page: PlaylistPage | None = None):
        self.site = site
        self.tool = tool
        self.page = page
        self.playlist = playlist
        self.steps = list(self.playlist.steps.order_by("position"))

    def learner(self, name: str, *, share: str = "name email") -> "Learner":
        return Learner(self, name, share)


class Learner:
    """Somebody on the line, with a browser."""

    def __init__(self, walk: Walk, name: str, share: str) -> None:
        self.walk = walk
        self.user = UserFactory(username=name, first_name=name.title(), last_name="Novak")
        self.share = share
        self.browser = logged_in(walk.site, self.user)
        journey.join(self.user, walk.playlist)

    def open(self, number: int) -> dict:
        """Open a step's course; what the provider is told (the claims of the id_token)."""
        step = self.walk.steps[number]
        self.browser.open(f"{self.walk.site}/col/steps/{step.key}/course/")
        if "Before the course opens" in self.browser.text:
            self.browser.send(self.browser.form("form:has([name=share])"), share=self.share)
        return self.browser.ask(self.browser.url)

    def report(self, done: float) -> None:
        """The course's own button, on the page that is open."""
        self.browser.ask(f"{self.course}/score", {"done": str(done)})

    @property
    def course(self) -> str:
        return self.browser.url

    def done(self) -> int:
        return Completion.objects.filter(learner=self.user, how=Evidence.SCORE).count()

    def badges(self) -> int:
        return Award.objects.filter(learner=self.user).count()


@pytest.fixture
def picked(request, site, provider, editor):
    """A walk that was connected and picked in the admin, as a coordinator does it."""
    tool = CONNECT[getattr(request, "param", "by itself")](site, provider, editor)
    empty = playlist_page(territory_page(), [], achievement=AchievementFactory())
    page = pick(site, editor, empty, "stars", "telescope")
    return Walk(site, tool, Playlist.objects.get(key=page.translation_key), page)


@pytest.fixture
def walk(site, provider):
    """A walk whose records were written at both sides: the same, and there at once."""
    tool = build.make_tool(
        name="Open Classroom (example)",
        login_url=f"{provider}/login",
        launch_url=f"{provider}/launch",
        deep_linking_url=f"{provider}/launch",
        redirect_uris=[f"{provider}/launch"],
        jwks=None,
        jwks_url=f"{provider}/jwks",
    )
    told = {
        "issuer": site,
        "client_id": tool.client_id,
        "deployment_id": tool.deployment_id,
        "auth_login_url": f"{site}/col/lti/auth",
        "auth_token_url": f"{site}/col/lti/token",
        "key_set_url": f"{site}/col/lti/jwks",
    }
    requests.post(f"{provider}/platforms", json=told, timeout=30).raise_for_status()
    courses = [
        build.make_course(
            tool,
            title=title,
            url=f"{provider}/launch",
            custom={"lesson": lesson},
            submission_review={"reviewableStatus": ["InProgress", "Submitted", "Completed"]},
        )
        for title, lesson in (("How stars live", "stars"), ("Build a telescope", "telescope"))
    ]
    return Walk(site, tool, line(*map(course, courses), achievement=AchievementFactory()))


@pytest.mark.parametrize(("site", "picked"), [("", "by hand"), ("-O", "by itself")], indirect=True)
def test_two_courses_are_picked_opened_and_finished_and_the_badge_is_there(picked):
    walk = picked
    first, second = Course.objects.order_by("pk")
    assert (first.title, second.title) == ("How stars live", "Build a telescope")
    assert (first.minutes, second.score_maximum) == (45, 10)
    assert first.picture
    ana = walk.learner("ana")

    claims = ana.open(0)
    assert claims[CLAIM + "message_type"] == "LtiResourceLinkRequest"
    assert claims["name"] == "Ana Novak"
    assert claims[CLAIM + "context"]["id"] == str(walk.playlist.key)
    custom = claims[CLAIM + "custom"]
    assert custom["lesson"] == "stars"
    assert custom["language"] == "en"
    assert custom["until"].startswith(str(first.available_until.year))

    ana.report(0.9)
    assert (ana.done(), ana.badges()) == (0, 0)
    [result] = ana.browser.ask(f"{ana.course}/results")
    assert (result["resultScore"], result["resultMaximum"]) == (0.9, 1)
    ana.report(1)
    ana.report(1)
    assert (ana.done(), ana.badges()) == (1, 0)

    ana.open(1)
    ana.report(1)
    assert (ana.done(), ana.badges()) == (2, 1)
    [result] = ana.browser.ask(f"{ana.course}/results")
    assert (result["resultScore"], result["userId"]) == (10, claims["sub"])
    assert LogEntry.objects.filter(outcome="refused").count() == 0


def test_the_same_courses_picked_again_are_not_doubled(picked, editor):
    before = list(Course.objects.values_list("pk", flat=True))
    page = pick(picked.site, editor, picked.page, "stars", "telescope")
    assert list(Course.objects.values_list("pk", flat=True)) == before
    assert page.steps.count() == 2


def test_members_come_page_by_page_and_nobody_by_name_who_declined(walk):
    people = [walk.learner(f"learner-{n}", share="name email" if n % 2 else "no") for n in range(5)]
    claims = [learner.open(0) for learner in people]
    assert ["name" in told for told in claims] == [False, True, False, True, False]
    pages = people[0].browser.ask(f"{people[0].course}/members?limit=1")["pages"]
    assert all(len(page) == 1 for page in pages)
    members = [member for page in pages for member in page]
    assert {member["name"] for member in members} == {"Learner-1 Novak", "Learner-3 Novak"}
    assert {member["user_id"] for member in members} == {claims[1]["sub"], claims[3]["sub"]}


def test_a_line_item_of_the_provider_s_own_is_made_changed_and_removed(walk):
    ana = walk.learner("ana")
    ana.open(0)
    made = ana.browser.ask(f"{ana.course}/lineitems", {"label": "Quiz", "tag": "quiz"})
    assert made["label"] == "Quiz"
    found = ana.browser.ask(f"{ana.course}/lineitems?tag=quiz")
    assert [item["id"] for item in found] == [made["id"]]
    assert len(ana.browser.ask(f"{ana.course}/lineitems?limit=1")) >= 2, "all of its pages"
    changed = ana.browser.ask(
        f"{ana.course}/lineitems/change", {"id": made["id"], "label": "Big quiz"}
    )
    assert changed["label"] == "Big quiz"
    assert ana.browser.ask(f"{ana.course}/lineitems/remove", {"id": made["id"]})["status"] == 204
    assert ana.browser.ask(f"{ana.course}/lineitems?tag=quiz") == []


def test_a_learner_comes_back_with_what_the_provider_says(picked):
    ana = picked.learner("ana")
    claims = ana.open(0)
    back = claims[CLAIM + "launch_presentation"]["return_url"]
    ana.browser.open(f"{back}?lti_msg=%3Cb%3ESee+you%3C/b%3E")
    assert ana.browser.url.startswith(picked.site + picked.playlist.text.url)
    assert "<b>See you" not in ana.browser.response.text
    assert "Open Classroom (example) says: “<b>See you</b>”" in ana.browser.text


def test_a_learner_looks_at_what_they_handed_in(walk):
    ana = walk.learner("ana")
    ana.open(0)
    ana.report(0.5)
    step = walk.steps[0]
    ana.browser.open(f"{walk.site}/col/steps/{step.key}/course/review/")
    claims = ana.browser.ask(ana.browser.url)
    assert claims[CLAIM + "message_type"] == "LtiSubmissionReviewRequest"
    assert claims[CLAIM + "for_user"]["user_id"] == claims["sub"]
    assert claims[CLAIM + "custom"]["lesson"] == "stars"
    item = LineItem.objects.get(resource_link__course__key=step.course)
    endpoint = claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"]
    assert endpoint["lineitem"].endswith(str(item.key))


def test_a_suspended_provider_is_out_at_once(walk):
    ana = walk.learner("ana")
    ana.open(0)
    course = ana.course
    Tool.objects.update(state=ToolState.SUSPENDED)
    with pytest.raises(RuntimeError, match="502"):
        ana.browser.ask(f"{course}/score", {"done": "1"})
    assert (ana.done(), ana.badges()) == (0, 0)
    answer = requests.get(
        f"{walk.site}/col/steps/{walk.steps[0].key}/course/",
        cookies=ana.browser.session.cookies,
        timeout=30,
    )
    assert answer.status_code == 403
    assert "cannot be opened" in answer.text
