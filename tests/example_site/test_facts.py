"""The demo's facts: every row can be used as it is, and every date can be moved ahead."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from example_site.demo import facts
from wagtail_col.badges.art.icons import ICONS
from wagtail_col.catalogue.models import Kind
from wagtail_col.geo import Point, check_boundary, covers
from wagtail_col.lines import LineColour

MADRID = facts.opportunities("madrid")
COURSES = {course.id: course for course in facts.online_courses()}
INTERESTS = {interest.slug for interest in facts.interests()}
BOTH = pytest.mark.parametrize("place", facts.PLACES)


def area(ring):
    """Twice the signed area: positive when the ring runs counter-clockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))


def polygons(geometry):
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


class TestTerritories:
    def test_madrid_is_a_city_of_21_districts(self):
        city, *districts = facts.territories("madrid")
        assert (city.slug, city.kind, city.parent) == ("madrid", "city", None)
        assert len(districts) == 21
        assert {(d.kind, d.parent) for d in districts} == {("district", "madrid")}
        assert {"Chamberí", "Tetuán", "San Blas-Canillejas"} <= {d.name["es"] for d in districts}

    def test_slovenia_nests_three_deep_in_two_languages(self):
        region, city, *quarters = facts.territories("slovenia")
        assert (region.kind, city.kind, city.parent) == ("region", "city", region.slug)
        assert 6 <= len(quarters) <= 25
        assert {q.parent for q in quarters} == {city.slug}
        assert all(set(t.name) == {"en", "sl"} for t in (region, city, *quarters))

    @BOTH
    def test_rings_are_closed_and_run_the_right_way(self, place):
        for territory in facts.territories(place):
            for outer, *holes in polygons(territory.geometry):
                assert outer[0] == outer[-1]
                assert area(outer) > 0, territory.slug
                assert all(area(hole) < 0 for hole in holes), territory.slug

    @BOTH
    def test_the_package_accepts_every_boundary(self, place):
        assert all(check_boundary(t.geometry) for t in facts.territories(place))

    @BOTH
    def test_parents_come_first_and_hold_their_children(self, place):
        seen = {}
        for territory in facts.territories(place):
            if territory.parent:
                assert territory.parent in seen
                whole = seen[territory.parent]
                corners = [point for outer, *_ in polygons(territory.geometry) for point in outer]
                middle = Point(
                    sum(x for x, _ in corners) / len(corners),
                    sum(y for _, y in corners) / len(corners),
                )
                assert covers(whole, middle), territory.slug
            seen[territory.slug] = check_boundary(territory.geometry)


class TestOpportunities:
    def test_there_are_enough_and_each_has_its_own_id(self):
        assert len(MADRID) >= 1700
        assert len({row.id for row in MADRID}) == len(MADRID)
        assert len(facts.opportunities("slovenia")) == 8

    @BOTH
    def test_every_row_is_complete(self, place):
        providers = {provider.slug for provider in facts.providers(place)}
        territories = {territory.slug for territory in facts.territories(place)}
        for row in facts.opportunities(place):
            assert row.title, row.id
            assert all(text == text.strip() and text for text in row.title.values()), row.id
            assert row.kind in Kind.values, row.id
            assert 1 <= len(row.interests) <= 3, row.id
            assert set(row.interests) <= INTERESTS, row.id
            assert row.provider in providers, row.id
            assert row.territory in territories, row.id
            assert row.last_day >= row.first_day, row.id

    def test_all_kinds_and_interests_are_used(self):
        assert {row.kind for row in MADRID} == set(Kind.values)
        assert {interest for row in MADRID for interest in row.interests} == INTERESTS

    def test_titles_are_readable(self):
        for row in MADRID:
            title = row.title["es"]
            letters = [letter for letter in title if letter.isalpha()]
            assert not (len(letters) > 6 and all(letter.isupper() for letter in letters)), title
            assert not set(title) & set("\n\t`´\ufffd<>"), title
            assert "[phone]" not in title
            assert "  " not in title, title

    def test_district_names_are_those_of_the_boundaries(self):
        names = {t.name["es"]: t.slug for t in facts.territories("madrid") if t.parent}
        for row in MADRID:
            if row.district:
                assert names[row.district] == row.territory, row.id
        assert {row.district for row in MADRID} - {""} == set(names)

    def test_points_lie_in_madrid_or_are_missing(self):
        placed = [row for row in MADRID if row.lat is not None]
        assert len(placed) >= 1500
        for row in placed:
            assert 40.31 < row.lat < 40.65, row.id
            assert -3.89 < row.lon < -3.51, row.id
        assert all((row.lat is None) == (row.lon is None) for row in MADRID)

    def test_points_lie_in_the_district_they_name(self):
        boundaries = {t.slug: check_boundary(t.geometry) for t in facts.territories("madrid")}
        placed = [row for row in MADRID if row.lat is not None and row.district]
        beside = {
            row.venue["es"]
            for row in placed
            if not covers(boundaries[row.territory], Point(row.lon, row.lat))
        }
        # The boundaries are simplified: venues on the street between two districts fall beside.
        assert len(beside) < 10 < len({row.venue["es"] for row in placed}) / 10

    def test_online_items_have_no_place(self):
        online = [row for row in MADRID if row.kind == "digital"]
        assert online
        assert not any(row.venue or row.district or row.lat for row in online)

    def test_prices_and_ages_make_sense(self):
        for row in MADRID:
            assert not (row.is_free and (row.price or row.price_note)), row.id
            assert row.price is None or 0 < row.price < 500, row.id
            if row.age_min is not None and row.age_max is not None:
                assert row.age_min < row.age_max, row.id
        assert sum(row.price is not None for row in MADRID) > 150
        assert sum(row.age_min is not None for row in MADRID) > 300

    def test_made_up_items_say_so(self):
        assert all(row.example for row in facts.opportunities("slovenia"))
        assert all(provider.example for provider in facts.providers("slovenia"))
        assert not any(row.example for row in MADRID)

    def test_links_lead_to_the_city(self):
        assert {urlsplit(row.url).netloc for row in MADRID} == {"www.madrid.es"}
        assert len({row.url for row in MADRID}) == len(MADRID)

    def test_the_file_stays_small(self):
        assert (facts.DATA / "opportunities.csv").stat().st_size < 600_000


class TestProvidersAndCourses:
    def test_counts(self):
        used = Counter(row.provider for row in MADRID)
        local = [p.slug for p in facts.providers("madrid") if p.kind != "online"]
        assert len(local) >= 8
        assert set(local) == set(used)
        assert len(facts.providers("slovenia")) == 2
        assert len(COURSES) >= 40

    def test_names_are_in_both_languages(self):
        assert all(set(p.name) == {"en", "es"} for p in facts.providers("madrid"))
        assert all(set(p.name) == {"en", "sl"} for p in facts.providers("slovenia"))

    def test_every_course_has_a_safe_link_a_provider_and_interests(self):
        online = {p.slug for p in facts.providers("madrid") if p.kind == "online"}
        for course in COURSES.values():
            assert urlsplit(course.url).scheme == "https", course.id
            assert course.provider in online, course.id
            assert course.interests, course.id
            assert set(course.interests) <= INTERESTS, course.id
            assert course.minutes is None or course.minutes > 0, course.id
        assert {course.provider for course in COURSES.values()} == online

    def test_every_file_of_a_source_is_there(self):
        root = facts.DATA.parent.parent.parent
        for source in facts.sources():
            assert source.attribution
            for name in source.files:
                assert (facts.DATA / name).exists() or (root / name).exists(), name


class TestPlaylists:
    def test_counts(self):
        assert len(facts.playlists("madrid")) >= 5
        assert len(facts.playlists("slovenia")) == 1
        assert "tell-a-story-with-data" in {p.slug for p in facts.playlists("madrid")}

    @BOTH
    def test_steps_lead_to_what_is_there(self, place):
        local = {row.id for row in facts.opportunities(place)}
        if place == "madrid":
            teams = json.loads((facts.DATA / "editors.json").read_text())
            local |= {row["slug"] for team in teams for row in team["opportunities"]}
        for playlist in facts.playlists(place):
            assert 4 <= len(playlist.steps) <= 7, playlist.slug
            for step in playlist.steps:
                assert bool(step.opportunity) != bool(step.course)
                assert (step.opportunity or step.course) in (local if step.opportunity else COURSES)
                assert step.minutes > 0
            assert any(step.opportunity for step in playlist.steps)
            assert any(step.course for step in playlist.steps)

    @BOTH
    def test_needs_and_groups(self, place):
        for playlist in facts.playlists(place):
            groups = Counter(step.group for step in playlist.steps if step.need == "choice")
            assert {s.need for s in playlist.steps} <= {"required", "optional", "choice"}
            assert all(group and many > 1 for group, many in groups.items()), playlist.slug
            assert not any(step.group for step in playlist.steps if step.need != "choice")
            assert any(step.need == "required" for step in playlist.steps)

    @BOTH
    def test_every_text_is_in_every_language_of_the_playlist(self, place):
        for playlist in facts.playlists(place):
            badge = playlist.badge
            texts = [playlist.line, playlist.summary, badge.name, badge.description, badge.criteria]
            texts += [step.todo for step in playlist.steps]
            for text in texts:
                assert set(text) == set(playlist.title), playlist.slug
                assert all(text.values()), playlist.slug
        assert set(facts.playlists("slovenia")[0].title) == {"en", "sl"}

    def test_each_line_has_its_own_colour_and_a_drawn_icon(self):
        lines = [p for place in facts.PLACES for p in facts.playlists(place)]
        assert len({p.colour for p in lines}) == len(lines)
        assert {p.colour for p in lines} <= set(LineColour.values)
        assert {p.badge.icon for p in lines} <= set(ICONS)
        assert {i for p in lines for i in p.interests} <= INTERESTS


class TestShiftDates:
    @settings(max_examples=20, deadline=None)
    @given(today=st.dates(date(2024, 1, 1), date(2040, 1, 1)))
    def test_everything_lies_ahead_by_whole_weeks(self, today):
        before = [*MADRID, *facts.opportunities("slovenia")]
        after = facts.shift_dates(before, today)
        assert [row.id for row in after] == [row.id for row in before]
        for old, new in zip(before, after, strict=True):
            assert today < new.first_day <= today + timedelta(weeks=facts.WEEKS_AHEAD)
            assert (new.first_day - old.first_day).days % 7 == 0
            assert type(new.start) is type(old.start)
            assert (new.end is None) == (old.end is None)
            if isinstance(old.start, datetime):
                assert new.start.time() == old.start.time()
            assert new.first_day <= new.last_day <= new.first_day + facts.LONGEST
            assert new.last_day.weekday() == old.last_day.weekday()
            if isinstance(new.end, datetime):
                assert new.end > new.start

    def test_every_week_ahead_has_something(self):
        today = date(2026, 3, 10)
        weeks = Counter(
            (row.first_day - today).days // 7 for row in facts.shift_dates(MADRID, today)
        )
        assert all(weeks[week] > 30 for week in range(facts.WEEKS_AHEAD))

    def test_the_same_day_gives_the_same_dates_in_any_order(self):
        today = date(2026, 3, 10)
        forwards = facts.shift_dates(MADRID, today)
        backwards = facts.shift_dates(MADRID[::-1], today)
        assert forwards == backwards[::-1]

    def test_a_series_does_not_fall_on_one_day(self):
        moved = facts.shift_dates(MADRID, date(2026, 3, 10))
        times = Counter((str(row.title), str(row.venue), row.start) for row in moved)
        assert max(times.values()) == 1

    def test_a_short_item_keeps_its_length(self):
        today = date(2026, 3, 10)
        for old, new in zip(MADRID, facts.shift_dates(MADRID, today), strict=True):
            if old.last_day - old.first_day <= facts.LONGEST:
                assert new.last_day - new.first_day == old.last_day - old.first_day

    @BOTH
    def test_no_time_is_skipped_when_the_clocks_change(self, place):
        zone = ZoneInfo(facts.TIMEZONES[place])
        for change in (date(2026, 3, 29), date(2026, 10, 25)):
            for row in facts.opportunities(place):
                if isinstance(row.start, datetime):
                    local = datetime.combine(change, row.start.time(), zone)
                    assert local.astimezone(ZoneInfo("UTC")).astimezone(zone) == local


def test_an_unknown_place_is_refused():
    for reader in (facts.territories, facts.providers, facts.opportunities, facts.playlists):
        with pytest.raises(ValueError, match="atlantis"):
            reader("atlantis")
