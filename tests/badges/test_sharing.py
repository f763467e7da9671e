import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from tests.badges.build import badge, brought
from tests.factories import UserFactory
from wagtail_col.badges import sharing
from wagtail_col.badges.linkedin import add_to_profile
from wagtail_col.badges.models import Share
from wagtail_col.badges.share_forms import CollectionForm, ShareForm
from wagtail_col.badges.shelving import own_awards, own_imported, shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return UserFactory()


class TestShare:
    def test_there_is_one_link_to_one_badge(self, learner):
        one = badge(learner)
        first = sharing.share(learner, [one], shown_name="Ana")
        again = sharing.share(learner, [one])
        assert again == first and again.shown_name == ""
        assert not first.is_collection
        assert sharing.link_to(one) == first

    def test_a_stopped_link_is_never_opened_again(self, learner):
        one = badge(learner)
        first = sharing.share(learner, [one])
        sharing.stop(first)
        stopped_at = first.stopped_at
        assert stopped_at and not sharing.is_shared(one) and sharing.find(first.key) is None
        sharing.stop(first)
        assert first.stopped_at == stopped_at
        assert sharing.share(learner, [one]).key != first.key
        assert sharing.find(first.key) is None

    def test_a_collection_is_a_link_of_its_own_each_time(self, learner):
        badges = [badge(learner), badge(learner)]
        first = sharing.share(learner, badges, [brought(learner)], title="All")
        second = sharing.share(learner, badges[:1], title="One", is_collection=True)
        assert first.is_collection and second.is_collection and first != second
        assert sharing.link_to(badges[0]) is None
        sharing.stop(first)
        assert sharing.is_shared(badges[0]) and not sharing.is_shared(badges[1])

    def test_a_brought_badge(self, learner):
        one = brought(learner)
        share = sharing.share(learner, imported=[one])
        assert sharing.is_shared(one) and sharing.link_to(one) == share

    @pytest.mark.parametrize("code", ["nothing", "too-many", "not-yours"])
    def test_refusals(self, learner, code):
        awards, imported = {
            "nothing": lambda: ([], []),
            "too-many": lambda: (
                [],
                [brought(learner) for _ in range(sharing.MOST_IN_A_COLLECTION + 1)],
            ),
            "not-yours": lambda: ([badge(learner), badge()], []),
        }[code]()
        with pytest.raises(sharing.NotShareable) as caught:
            sharing.share(learner, awards, imported)
        assert caught.value.code == code
        assert not Share.objects.exists()

    def test_changing_what_a_collection_shows(self, learner):
        one, two = badge(learner), badge(learner)
        share = sharing.share(learner, [one], title="Mine", is_collection=True)
        sharing.change(share, [two], [], title="Ours", shown_name="Ana")
        assert (share.title, share.shown_name) == ("Ours", "Ana")
        assert not sharing.is_shared(one) and sharing.is_shared(two)
        with pytest.raises(sharing.NotShareable):
            sharing.change(share, [badge()], [], title="Theirs", shown_name="")
        assert list(share.awards.all()) == [two] and share.title == "Ours"


class TestWhoSees:
    def test_the_learner_and_while_shared_everybody(self, learner):
        one = badge(learner)
        others = (AnonymousUser(), UserFactory())
        assert sharing.may_be_seen_by(learner, one)
        assert not any(sharing.may_be_seen_by(user, one) for user in others)
        share = sharing.share(learner, [one])
        assert all(sharing.may_be_seen_by(user, one) for user in others)
        sharing.stop(share)
        assert not any(sharing.may_be_seen_by(user, one) for user in others)

    def test_keys(self, learner):
        share = sharing.share(learner, [badge(learner)])
        assert sharing.find(share.key) == share
        assert sharing.find(uuid.uuid4()) is None
        learner.delete()
        assert isinstance(sharing.find(share.key), sharing.Gone)


class TestForms:
    @pytest.mark.parametrize(
        ("name", "shown"), [("  Ana \n Novak ", "Ana Novak"), ("", ""), ("Žofka", "Žofka")]
    )
    def test_names_are_one_line(self, name, shown):
        form = ShareForm({"shown_name": name})
        assert form.is_valid() and form.cleaned_data["shown_name"] == shown

    @pytest.mark.parametrize("name", ["x" * 121, "a\x07b"])
    def test_what_is_no_name(self, name):
        form = ShareForm({"shown_name": name})
        assert not form.is_valid()
        with pytest.raises(ValidationError):
            form.fields["shown_name"].clean(name)

    def test_a_collection_takes_ones_own_badges_alone(self, learner):
        one, other, theirs = badge(learner), brought(learner), badge()
        own = shelf(own_awards(learner), own_imported(learner))
        data = {"title": "Mine", "badges": [str(one.key), str(other.key)]}
        form = CollectionForm(data, own=own)
        assert form.is_valid() and form.cleaned_data["badges"] == [one, other]
        for wrong in ([str(theirs.key)], ["x"], []):
            form = CollectionForm({**data, "badges": wrong}, own=own)
            assert "badges" in form.errors


def test_the_link_to_linkedin_names_the_share_alone(learner):
    from urllib.parse import parse_qs, urlsplit

    one = badge(learner)
    share = sharing.share(learner, [one])
    link = urlsplit(add_to_profile(one, share))
    assert (link.scheme, link.netloc, link.path) == ("https", "www.linkedin.com", "/profile/add")
    fields = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert fields["certUrl"] == f"http://testserver/col/badges/shared/{share.key}/"
    assert (fields["name"], fields["organizationName"]) == ("Explorer", "Test site")
    assert str(one.key) not in link.query and learner.email not in link.query
