"""Pages where learners send in what they did, and look at what others sent in."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import AchievementFactory, UserFactory
from tests.learning.evidence import badge, holder_of, jpeg, organiser_of, photo, sent, upload
from tests.learning.test_evidence_files import PDF_FILE, SVG, odt, with_place
from wagtail_col.badges.awarding import award
from wagtail_col.badges.models import Award
from wagtail_col.learning import evidence_forms, reviewing
from wagtail_col.learning.evidence_files import PDF, CleanFile
from wagtail_col.learning.models import EvidenceFile, Submission

pytestmark = pytest.mark.django_db
OWN = "/col/evidence/"


def send_url(achievement) -> str:
    return reverse("col_learning:send_evidence", args=[achievement.key])


def file_url(submission) -> str:
    return reverse("col_learning:evidence_file", args=[submission.files.get().key])


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# Sending


def test_from_the_badge_s_page_to_the_form_and_back(as_learner):
    achievement = badge()
    page = as_learner.get(achievement.get_absolute_url())
    assert send_url(achievement) in page.content.decode()
    form = as_learner.get(send_url(achievement))
    content = form.content.decode()
    assert 'accept="image/*" capture="environment"' in content
    assert 'enctype="multipart/form-data"' in content
    assert "Did all the required steps." in content
    assert "Ask them first" in words(form)
    assert "Photos and files are deleted 90 days after the answer." in words(form)
    assert "<script" not in re.sub(r"<script src=[^>]+></script>", "", content)
    response = as_learner.post(
        send_url(achievement),
        {"text": "I built it.", "photo": upload(), "files": [upload("plan.pdf", PDF_FILE)]},
    )
    assert response.url == OWN
    submission = Submission.objects.get()
    assert submission.text == "I built it."
    assert [file.name for file in submission.files.order_by("pk")] == ["photo.jpg", "plan.pdf"]
    listed = words(as_learner.get(OWN))
    assert "Somebody is going to look at it" in listed
    assert "I built it." in listed


@pytest.mark.parametrize(("assessment", "is_there"), [("", False), ("peer", True)])
def test_only_badges_that_take_evidence_have_the_button(client, assessment, is_there):
    page = client.get(badge(assessment).get_absolute_url())
    assert ("Send in what you did" in page.content.decode()) is is_there


def test_who_is_not_logged_in_comes_back(client):
    url = send_url(badge())
    assert client.get(url).url == f"{reverse('login')}?next={quote(url)}"
    assert client.post(url, {"text": "x"}).status_code == 302
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("assessment", "said"),
    [
        ("organiser", "The organiser looks at it and sees your name."),
        ("peer", "They do not learn who you are."),
        ("self", "It says that you assessed yourself."),
    ],
)
def test_the_form_says_who_looks_at_it(as_learner, assessment, said):
    assert said in words(as_learner.get(send_url(badge(assessment))))


def test_where_a_photo_was_taken_is_gone(as_learner):
    as_learner.post(send_url(badge()), {"photo": upload("a.jpg", with_place())})
    content = bytes(EvidenceFile.objects.get().content)
    assert b"Exif" not in content
    assert b"Phone maker" not in content


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([("a.svg", SVG)], "“a.svg”: This kind of file cannot be taken."),
        ([("a.png", SVG)], "“a.png”: This kind of file cannot be taken."),
        ([("a.html", b"<html>")], "This kind of file cannot be taken."),
        ([("a.jpg", b"\xff\xd8\xff" + b"x" * 99)], "This file is damaged."),
        ([("a.pdf", b"%PDF-" + b" " * (10 * 1024 * 1024))], "A file has at most 10 MB"),
        ([("a.jpg", b"")], "empty"),
        ([("<b>.svg", SVG)], "“<b>.svg”"),
        ([(f"{n}.jpg", None) for n in range(6)], "Send 5 files at most."),
        ([("a.svg", SVG), ("b.jpg", None)], "“a.svg”"),
    ],
    ids=["svg", "svg as png", "page", "damaged", "large", "empty", "markup", "many", "one of two"],
)
def test_files_that_are_refused_and_words_that_are_kept(as_learner, files, message):
    sent_files = [upload(name, content) for name, content in files]
    response = as_learner.post(
        send_url(badge()), {"text": "I <i>built</i> it.", "files": sent_files}
    )
    assert response.status_code == 422
    content = response.content.decode()
    assert message.replace("<", "&lt;").replace(">", "&gt;") in content
    assert "I &lt;i&gt;built&lt;/i&gt; it." in content
    assert 'role="alert"' in content
    assert not Submission.objects.exists()
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"text": "bell \x07"},
        {"link": "javascript:alert(1)"},
        {"link": "ftp://example.org/x"},
        {"link": "data:text/html,x"},
        {"text": "x" * 10_001},
        {},
    ],
    ids=["control", "javascript", "ftp", "data", "long", "nothing"],
)
def test_words_and_links_that_are_refused(as_learner, values):
    assert as_learner.post(send_url(badge()), values).status_code == 422
    assert not Submission.objects.exists()


def test_a_request_that_is_too_large_is_not_read(as_learner, monkeypatch):
    monkeypatch.setattr(evidence_forms, "MOST_REQUEST_BYTES", 1000)
    from wagtail_col.learning.views import evidence

    monkeypatch.setattr(evidence, "MOST_REQUEST_BYTES", 1000)
    monkeypatch.setattr(evidence, "_send", lambda *args: pytest.fail("it was read"))
    response = as_learner.post(send_url(badge()), {"photo": upload("a.pdf", b"x" * 2000)})
    assert response.status_code == 413
    assert "A file has at most 10 MB" in words(response)


def test_documents_are_not_for_other_learners(as_learner):
    response = as_learner.post(send_url(badge("peer")), {"files": upload("ana.odt", odt())})
    assert response.status_code == 422
    assert "A document can hold your name" in words(response)


@pytest.mark.parametrize("what", ["draft", "unknown"])
def test_a_badge_that_is_not_there(as_learner, what):
    achievement = badge(live=what != "draft")
    if what == "unknown":
        achievement.delete()
    url = send_url(achievement)
    assert as_learner.get(url, follow=True).status_code == 404
    assert as_learner.post(url, {"text": "x"}, follow=True).status_code == 404


def test_who_may_not_send_is_told_why_and_sees_no_form(as_learner, learner):
    achievement = badge()
    sent(achievement, learner)
    page = as_learner.get(send_url(achievement))
    assert "You have sent something in." in words(page)
    assert "<textarea" not in page.content.decode()
    assert as_learner.post(send_url(achievement), {"text": "x"}).status_code == 422
    assert Submission.objects.count() == 1


def test_sent_back_the_form_says_why_and_keeps_the_words(as_learner, learner):
    achievement = badge()
    submission = sent(achievement, learner, text="I built it.", link="https://example.org/x")
    reason = "Show <b>the wheel</b>."
    reviewing.decide(submission, organiser_of(achievement), accepts=False, reason=reason)
    listed = as_learner.get(OWN).content.decode()
    assert "Show &lt;b&gt;the wheel&lt;/b&gt;." in listed
    assert send_url(achievement) in listed
    form = as_learner.get(send_url(achievement)).content.decode()
    assert "Show &lt;b&gt;the wheel&lt;/b&gt;." in form
    assert "I built it." in form
    assert "https://example.org/x" in form
    as_learner.post(send_url(achievement), {"text": "I built it. See the wheel."})
    assert Submission.objects.first().follows == submission
    listed = as_learner.get(OWN).content.decode()
    assert "Sent back" in listed
    assert send_url(achievement) not in listed, "it was sent in again"


def test_assessing_oneself_gives_the_badge(as_learner, learner):
    achievement = badge("self")
    assert as_learner.post(send_url(achievement), {"text": "All of it."}).status_code == 422
    response = as_learner.post(send_url(achievement), {"text": "All of it.", "confirms": "on"})
    given = Award.objects.get()
    assert response.url == given.get_absolute_url()
    assert "You assessed it yourself" in words(as_learner.get(OWN))


def test_posting_needs_the_token(learner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    achievement = badge("peer")
    submission = sent(achievement, learner)
    for url in (
        send_url(achievement),
        reverse("col_learning:take_back_evidence", args=[submission.key]),
        reverse("col_learning:review", args=[submission.key]),
    ):
        assert client.post(url, {"text": "x"}).status_code == 403
    assert Submission.objects.count() == 1


def test_taking_back(as_learner, learner):
    submission = sent(badge(), learner)
    url = reverse("col_learning:take_back_evidence", args=[submission.key])
    assert as_learner.get(url).status_code == 405
    assert as_learner.post(url).url == OWN
    assert not Submission.objects.exists()
    foreign = sent(badge())
    url = reverse("col_learning:take_back_evidence", args=[foreign.key])
    assert as_learner.post(url, follow=True).status_code == 404
    assert Submission.objects.count() == 1


def test_nobody_else_s_is_listed(as_learner):
    sent(badge(), text="Somebody else's")
    page = as_learner.get(OWN)
    assert "Somebody else" not in words(page)
    assert page.headers["Cache-Control"] == "private, no-store"


# Files


def test_a_photo_is_shown_and_can_do_nothing(as_learner, learner):
    response = as_learner.get(file_url(sent(badge(), learner, files=[photo()])))
    assert response.content == jpeg()
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Disposition"].startswith("inline")
    safe(response)


def test_a_document_is_saved_and_can_do_nothing(as_learner, learner):
    files = [CleanFile("načrt.pdf", PDF, PDF_FILE)]
    response = as_learner.get(file_url(sent(badge(), learner, files=files)))
    assert response.content == PDF_FILE
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "na%C4%8Drt.pdf" in response.headers["Content-Disposition"]
    safe(response)


def safe(response):
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_nobody_else_gets_a_file(client):
    achievement = badge("peer")
    url = file_url(sent(achievement, files=[photo()]))
    assert client.get(url).status_code == 302
    for stranger in (UserFactory(), holder_of(badge("peer")), organiser_of(badge())):
        client.force_login(stranger)
        assert client.get(url, follow=True).status_code == 404
    client.force_login(organiser_of(achievement))
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 405


# Peers


@pytest.fixture
def waiting():
    """What a learner with a telling name sent in for other learners to look at."""
    author = UserFactory(username="ana-kovac", first_name="Ana", last_name="Kovač")
    return sent(badge("peer"), author, text="I did it.", files=[photo("ana-kovac.jpg")])


def review_url(submission) -> str:
    return reverse("col_learning:review", args=[submission.key])


def test_a_peer_never_learns_whose_it_is(client, waiting):
    client.force_login(holder_of(waiting.achievement))
    pages = [client.get("/col/reviews/"), client.get(review_url(waiting))]
    pages.append(client.post(review_url(waiting), {"decision": "send-back"}))
    pages.append(client.get(file_url(waiting)))
    for page in pages:
        said = page.content.decode("latin-1") + str(page.headers)
        for name in ("ana", "Kovač", str(waiting.learner.email)):
            assert not re.search(rf"\b{name}", said), name
    assert "I did it." in words(pages[1])
    assert "Did all the required steps." in words(pages[1])
    assert 'filename="file.jpg"' in pages[3].headers["Content-Disposition"]


def test_nor_does_the_learner_learn_who_looked(client, waiting):
    peer = holder_of(waiting.achievement)
    reviewing.decide(waiting, peer, accepts=False, reason="Show more.")
    client.force_login(waiting.learner)
    said = client.get(OWN).content.decode()
    assert "Somebody who has the badge writes:" in said
    assert peer.username not in said


def test_a_peer_accepts(client, waiting):
    client.force_login(holder_of(waiting.achievement))
    assert review_url(waiting) in client.get("/col/reviews/").content.decode()
    response = client.post(review_url(waiting), {"decision": "accept"})
    assert response.url == "/col/reviews/"
    assert Award.objects.get(learner=waiting.learner).because["assessed"] == "peer"
    assert "Nothing waits for you" in words(client.get("/col/reviews/"))


def test_a_peer_sends_back_with_a_reason(client, waiting):
    client.force_login(holder_of(waiting.achievement))
    response = client.post(review_url(waiting), {"decision": "send-back", "reason": " "})
    assert response.status_code == 422
    assert "Say why you send it back" in words(response)
    assert client.post(review_url(waiting), {"reason": "x"}).status_code == 422
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    client.post(review_url(waiting), {"decision": "send-back", "reason": "Show more."})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("refused", "Show more.")


def test_looking_decides_nothing(client, waiting):
    client.force_login(holder_of(waiting.achievement))
    client.get(f"{review_url(waiting)}?decision=accept")
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_whoever_comes_second_is_told(client, waiting):
    first, second = holder_of(waiting.achievement), holder_of(waiting.achievement)
    client.force_login(second)
    client.get(review_url(waiting))
    reviewing.decide(waiting, first, accepts=False, reason="Show more.")
    response = client.post(review_url(waiting), {"decision": "accept"}, follow=True)
    assert "Somebody else has looked at this already." in words(response)
    assert not Award.objects.filter(learner=waiting.learner).exists()


def test_others_do_not_review(client, waiting):
    stranger = holder_of(AchievementFactory())
    for user in (stranger, waiting.learner):
        client.force_login(user)
        assert client.get(review_url(waiting), follow=True).status_code == 404
        assert "I did it." not in client.get("/col/reviews/").content.decode()
    client.force_login(stranger)
    response = client.post(review_url(waiting), {"decision": "accept"}, follow=True)
    assert "I did it." not in response.content.decode()
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


@pytest.mark.parametrize("page", [OWN, "/col/reviews/"])
def test_queries_do_not_grow(client, page):
    me = UserFactory()
    client.force_login(me)

    def more():
        achievement = badge("peer")
        award(achievement, me, because={"by": "hand"}, language="en")
        sent(achievement, files=[photo()])
        sent(badge(), me, files=[photo()])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    more()
    few = queries()
    for _n in range(4):
        more()
    assert queries() == few
