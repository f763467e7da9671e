"""An organiser looks at what learners sent in for the badges they may give."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.learning.evidence import badge, organiser_of, photo, sent
from tests.learning.test_evidence_files import PDF_FILE
from tests.pages import editing
from wagtail_col.badges.models import Award
from wagtail_col.learning import reviewing
from wagtail_col.learning.evidence_files import PDF, CleanFile
from wagtail_col.learning.models import Submission
from wagtail_col.pages.admin.reviews import url

pytestmark = pytest.mark.django_db
QUEUE = "/admin/learning/waiting/"


@pytest.fixture
def submission():
    learner = factories.UserFactory(username="ana-kovac")
    files = [photo(), CleanFile("plan.pdf", PDF, PDF_FILE)]
    return sent(badge(), learner, text="I <b>built</b> it.", files=files)


def admin_of(achievement):
    achievement.issuer.team.permissions.add(Permission.objects.get(codename="access_admin"))
    return organiser_of(achievement)


@pytest.fixture
def me(client, submission):
    client.force_login(admin_of(submission.achievement))
    return client


def test_the_queue_and_what_was_sent_in(me, submission):
    queue = me.get(QUEUE).content.decode()
    assert url("review", submission.key) in queue
    assert "ana-kovac" in queue
    assert QUEUE in me.get(reverse("wagtailadmin_home")).content.decode()
    page = me.get(url("review", submission.key)).content.decode()
    assert "I &lt;b&gt;built&lt;/b&gt; it." in page
    assert "Did all the required steps." in page
    for file in submission.files.all():
        address = reverse("col_learning:evidence_file", args=[file.key])
        assert address in page
        assert me.get(address).status_code == 200
    assert "Open them as you would open one from an e-mail." in page
    submission.refresh_from_db()
    assert submission.state == "waiting"


def test_accepting_with_words(me, submission):
    response = me.post(
        url("review", submission.key), {"decision": "accept", "reason": "A fine wheel."}
    )
    assert response.url == QUEUE
    given = Award.objects.get()
    assert given.learner == submission.learner
    assert given.narrative == "A fine wheel."
    assert "Nothing waits for you." in me.get(QUEUE).content.decode()
    assert "It was accepted." in me.get(url("review", submission.key)).content.decode()


def test_sending_back_needs_a_reason(me, submission):
    address = url("review", submission.key)
    for values in ({"decision": "send-back", "reason": ""}, {"reason": "x"}, {"decision": "x"}):
        response = me.post(address, values)
        assert response.status_code == 200
        assert "Nothing was changed" in response.content.decode()
    submission.refresh_from_db()
    assert submission.state == "waiting"
    assert me.post(address, {"decision": "send-back", "reason": "No wheel."}).status_code == 302
    submission.refresh_from_db()
    assert (submission.state, submission.reason) == ("refused", "No wheel.")


def test_sent_in_again_the_old_reason_is_shown(me, submission):
    reviewer = organiser_of(submission.achievement)
    reviewing.decide(submission, reviewer, accepts=False, reason="No <i>wheel</i>.")
    again = sent(submission.achievement, submission.learner, text="Now with a wheel.")
    page = me.get(url("review", again.key)).content.decode()
    assert "No &lt;i&gt;wheel&lt;/i&gt;." in page


def test_whoever_comes_second_is_told(me, submission):
    reviewer = organiser_of(submission.achievement)
    reviewing.decide(submission, reviewer, accepts=False, reason="No.")
    response = me.post(url("review", submission.key), {"decision": "accept"}, follow=True)
    assert "Somebody else has looked at this already." in response.content.decode()
    assert not Award.objects.exists()


def test_one_s_own_is_for_somebody_else(client, submission):
    boss = editing.superuser()
    own = sent(submission.achievement, boss)
    client.force_login(boss)
    page = client.get(url("review", own.key)).content.decode()
    assert "Somebody else has to look at it." in page
    client.post(url("review", own.key), {"decision": "accept"})
    own.refresh_from_db()
    assert own.state == "waiting"
    assert url("review", own.key) not in client.get(QUEUE).content.decode()


def test_only_who_may_give_the_badge(client, submission):
    member = editing.member_of(factories.provider_page(factories.territory_page()))
    for user in (None, factories.UserFactory(), member, admin_of(badge())):
        client.logout()
        if user:
            client.force_login(user)
        address = url("review", submission.key)
        for response in (client.get(address), client.post(address, {"decision": "accept"})):
            assert response.status_code in (302, 403)
            assert "built" not in response.content.decode()
        assert "ana-kovac" not in client.get(QUEUE).content.decode()
    submission.refresh_from_db()
    assert submission.state == "waiting"


def test_queries_do_not_grow(me, submission):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            me.get(QUEUE)
        return len(captured)

    queries()
    few = queries()
    for _n in range(5):
        sent(submission.achievement, files=[photo()])
    assert queries() == few
    assert Submission.objects.count() == 6
