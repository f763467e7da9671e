import pytest

from tests.factories import AchievementFactory, playlist_page, root, territory_page

pytestmark = pytest.mark.django_db

FAR = (
    '{"type": "Polygon", "coordinates": '
    "[[[14.0, 46.0], [15.0, 46.0], [15.0, 46.5], [14.0, 46.5], [14.0, 46.0]]]}"
)
STEP = {"link": "https://video.example/1", "title": "Watch"}


def west_of(achievement):
    achievement.refresh_from_db()
    return min(lon for ring in achievement.outline for lon, _lat in ring)


def test_the_badge_shows_the_territory_where_it_was_first_earned():
    achievement = AchievementFactory()
    playlist_page(territory_page(), [STEP], achievement=achievement)
    assert west_of(achievement) == -4.5
    playlist_page(territory_page(title="Far", boundary=FAR), [STEP], achievement=achievement)
    assert west_of(achievement) == -4.5


@pytest.mark.parametrize("boundary", ["", FAR])
def test_a_territory_without_a_boundary_leaves_the_badge_as_it_is(boundary):
    achievement = AchievementFactory()
    playlist_page(root(), [STEP], achievement=achievement)
    achievement.refresh_from_db()
    assert achievement.outline is None
    playlist_page(territory_page(boundary=boundary), [STEP], achievement=achievement)
    achievement.refresh_from_db()
    assert bool(achievement.outline) == bool(boundary)
