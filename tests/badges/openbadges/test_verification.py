import copy
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_col.badges.openbadges import did, multibase, proof, status
from wagtail_col.badges.openbadges.errors import KeyUnknownError, Reason
from wagtail_col.badges.openbadges.verification import CheckCode

from .samples import AWARDED, LIST, NOW, SITE, Issuer, compact
from .test_jsonld import edited

ISSUER = Issuer()
BADGE = ISSUER.signed()
TEXT = compact(BADGE)


def failure(report) -> tuple[CheckCode, Reason]:
    assert not report.ok
    position = [check.code for check in report.checks].index(report.failure.code)
    assert all(check.ok for check in report.checks[:position])
    return report.failure.code, report.failure.reason


def test_a_good_badge(issuer, badge):
    report = issuer.verify(badge)
    assert report.ok
    assert report.failure is None
    assert [check.code for check in report.checks] == list(CheckCode)[:-1]
    assert {check.reason for check in report.checks} == {Reason.OK}
    assert report.issuer == issuer.did
    assert report.document == badge
    assert issuer.verify(json.dumps(badge, indent=2).encode()).ok


def places(value, path=()):
    """Every member and item of a document: (path to the parent, name or position)."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in items:
        yield path, name
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, name))


PLACES = list(places(BADGE))
NAMES = sorted({name for _, name in PLACES if isinstance(name, str)})
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=8)
    | st.sampled_from([SITE, "2030-01-01T00:00:00Z", "Profile", "OpenBadgeCredential", "es"])
)
values = scalars | st.lists(scalars, max_size=2) | st.dictionaries(
    st.sampled_from([*NAMES, "note"]), scalars, max_size=2
)  # fmt: skip


def same_meaning(one, other) -> bool:
    """JSON-LD reads ``x``, ``[x]`` and ``{"id": x}`` alike; a second name for a type too."""

    def plain(value):
        if isinstance(value, list):
            return sorted(json.dumps(plain(v), sort_keys=True) for v in value)
        if isinstance(value, dict) and list(value) == ["id"]:
            return plain([value["id"]])
        if isinstance(value, dict):
            return {name: plain([v] if not isinstance(v, list) else v) for name, v in value.items()}
        return "OpenBadgeCredential" if value == "AchievementCredential" else value

    return json.dumps(plain(one), sort_keys=True) == json.dumps(plain(other), sort_keys=True)


@pytest.mark.parametrize("change", ["lengthen", "remove"])
def test_every_single_field_is_protected(change):
    for path, name in PLACES:
        changed = copy.deepcopy(BADGE)
        parent = changed
        for step in path:
            parent = parent[step]
        if change == "remove":
            del parent[name]
        elif isinstance(parent[name], str):
            parent[name] += "1"
        else:
            continue
        assert not ISSUER.verify(changed).ok, (path, name)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_changed_field_is_refused(data):
    changed = copy.deepcopy(BADGE)
    path, name = data.draw(st.sampled_from(PLACES))
    parent = changed
    for step in path:
        parent = parent[step]
    match data.draw(st.sampled_from(["replace", "remove", "add", "rename"])):
        case "replace":
            parent[name] = data.draw(values)
        case "remove":
            del parent[name]
        case "add" if isinstance(parent, dict):
            parent[data.draw(st.sampled_from([*NAMES, "note", "expires", "description"]))] = (
                data.draw(values)
            )
        case "rename" if isinstance(parent, dict):
            parent[data.draw(st.sampled_from([*NAMES, "note"]))] = parent.pop(name)
        case _:
            parent.append(data.draw(values))
    report = ISSUER.verify(changed)
    if not same_meaning(changed, BADGE):
        assert not report.ok, (path, name)
        assert report.failure.message


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 0x2FFF).map(chr), st.booleans())
def test_any_changed_character_is_refused(position, character, insert):
    changed = TEXT[:position] + character + TEXT[position + (not insert) :]
    try:
        same = json.loads(changed) == BADGE and changed.count('"') == TEXT.count('"')
    except ValueError:
        same = False
    report = ISSUER.verify(changed)
    assert report.ok == same
    if not same:
        assert report.failure.message


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TEXT) - 1))
def test_any_missing_character_is_refused(position):
    assert not ISSUER.verify(TEXT[:position] + TEXT[position + 1 :]).ok


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_garbage_gets_a_report(source):
    assert failure(ISSUER.verify(source))[0] == CheckCode.READABLE


def test_what_could_not_run_says_so(issuer):
    report = issuer.verify("{")
    assert [check.ok for check in report.checks] == [False] + [None] * 5
    assert {check.reason for check in report.checks[1:]} == {Reason.NOT_RUN}
    assert report.issuer is None
    assert report.document is None


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("@context", ["https://www.w3.org/2018/credentials/v1"], Reason.UNKNOWN_CONTEXT),
        ("type", ["VerifiableCredential"], Reason.WRONG_MEMBER),
        ("type", None, Reason.MISSING_MEMBER),
        ("id", "", Reason.MISSING_MEMBER),
        ("issuer", "did:web:city.example", Reason.WRONG_MEMBER),
        ("validFrom", "2026-05-04", Reason.WRONG_MEMBER),
        ("validUntil", ["2030-01-01T00:00:00Z"], Reason.WRONG_MEMBER),
        ("credentialSubject", [{"type": "AchievementSubject"}], Reason.WRONG_MEMBER),
        ("credentialSubject.achievement.criteria", {"type": "Criteria"}, Reason.MISSING_MEMBER),
        ("credentialSubject.achievement.tag", "water", Reason.WRONG_MEMBER),
        ("credentialSubject.identifier.0.hashed", "true", Reason.WRONG_MEMBER),
        ("evidence", {"narrative": "x"}, Reason.WRONG_MEMBER),
    ],
)
def test_structure(issuer, badge, path, value, reason):
    report = issuer.verify(edited(badge, path, value))
    assert failure(report) == (CheckCode.STRUCTURE, reason)


def test_a_subject_without_a_name_or_identifier(issuer, badge):
    changed = copy.deepcopy(badge)
    del changed["credentialSubject"]["id"], changed["credentialSubject"]["identifier"]
    assert failure(issuer.verify(changed)) == (CheckCode.STRUCTURE, Reason.MISSING_MEMBER)


def test_a_badge_of_another_issuer_is_told_apart_from_a_forged_one(issuer):
    other = Issuer("other")
    report = issuer.verify(other.signed())
    assert failure(report) == (CheckCode.SIGNATURE, Reason.KEY_UNKNOWN)
    assert report.unknown_issuer
    assert report.issuer == other.did

    forged = issuer.verify(edited(issuer.signed(), "name", "Doctor"))
    assert failure(forged) == (CheckCode.SIGNATURE, Reason.SIGNATURE_WRONG)
    assert not forged.unknown_issuer


def test_a_good_signature_by_somebody_else_in_the_name_of_the_issuer(issuer):
    """The proof is made with a key that is known here, but not the named issuer's."""
    other = Issuer("other")
    document = issuer.unsigned()
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": proof.CRYPTOSUITE,
        "created": "2026-05-04T10:20:30Z",
        "verificationMethod": other.method,
        "proofPurpose": "assertionMethod",
    }
    signature = other.private_key.sign(proof._hash(document, options))
    document["proof"] = [{**options, "proofValue": multibase.encode(signature)}]
    keys = {issuer.method: issuer.public_key, other.method: other.public_key}
    report = issuer.verify(document, resolve_key=keys.__getitem__)
    assert failure(report) == (CheckCode.ISSUER, Reason.NOT_OF_ISSUER)


def test_dates(issuer, badge):
    early = issuer.verify(
        issuer.signed(valid_from=AWARDED + timedelta(days=30)), now=AWARDED + timedelta(days=1)
    )
    assert failure(early) == (CheckCode.DATES, Reason.NOT_YET_VALID)
    late = issuer.verify(badge, now=AWARDED + timedelta(days=366))
    assert failure(late) == (CheckCode.DATES, Reason.EXPIRED)
    assert late.check(CheckCode.STATUS).ok
    assert late.failure.data == {"date": "2027-05-04T10:20:30Z"}


def test_status(issuer, badge):
    revoking = Issuer("revoking")
    given_badge = revoking.signed()
    assert revoking.verify(given_badge).ok
    revoking.revoked = {94_567}
    assert failure(revoking.verify(given_badge)) == (CheckCode.STATUS, Reason.REVOKED)
    revoking.revoked = {94_566, 94_568}
    assert revoking.verify(given_badge).ok

    suspended = revoking.signed(status=status.entry(LIST, 5, "suspension"))
    revoking.revoked = {5}
    listed = revoking.status_list(purpose="suspension")
    report = revoking.verify(suspended, resolve_status_list=lambda url: listed)
    assert failure(report) == (CheckCode.STATUS, Reason.SUSPENDED)


def test_no_status_is_said_aloud(issuer):
    report = issuer.verify(issuer.signed(status=None))
    assert report.ok
    assert report.check(CheckCode.STATUS).reason == Reason.NO_STATUS


def test_a_kind_of_list_that_is_not_read_here(issuer):
    entry = {"id": f"{SITE}/revocations", "type": "1EdTechCredentialRefresh"}
    report = issuer.verify(issuer.signed(status=entry))
    assert failure(report) == (CheckCode.STATUS, Reason.STATUS_UNSUPPORTED)


def status_reason(issuer, badge, listed) -> Reason:
    def resolve(url):
        assert url == LIST
        if isinstance(listed, Exception):
            raise listed
        return listed

    code, reason = failure(issuer.verify(badge, resolve_status_list=resolve))
    assert code == CheckCode.STATUS
    return reason


def test_status_lists_that_do_not_count(issuer, badge):
    good = issuer.status_list()
    other = Issuer("other")
    assert status_reason(issuer, badge, LookupError(LIST)) == Reason.STATUS_UNAVAILABLE
    for wrong in (
        {},
        "{",
        b"\xff",
        {**good, "proof": []},
        edited(good, "credentialSubject.encodedList", status.encode([1])),
        edited(good, "validFrom", "2020-01-01T00:00:00Z"),
        other.status_list(),
        {**other.status_list(), "issuer": issuer.did},
        issuer.status_list(list_url=f"{SITE}/status/2"),
        issuer.status_list(purpose="suspension"),
        issuer.status_list(valid_until=AWARDED + timedelta(days=1)),
        issuer.status_list(valid_from=NOW + timedelta(days=1)),
        badge,
    ):
        assert status_reason(issuer, badge, wrong) == Reason.STATUS_LIST_WRONG
    outside = issuer.signed(status=status.entry(LIST, status.MINIMUM_SIZE))
    assert status_reason(issuer, outside, good) == Reason.INDEX_OUTSIDE
    assert issuer.verify(badge, resolve_status_list=lambda url: compact(good)).ok
    assert issuer.verify(badge, resolve_status_list=lambda url: compact(good).encode()).ok


@pytest.mark.parametrize("index", ["-1", "1.5", "x", "", "٣", "9" * 30, True, None, -4])
def test_status_entries_that_are_none(issuer, index):
    entry = {**status.entry(LIST, 1), "statusListIndex": index}
    if index is None:
        del entry["statusListIndex"]
    report = issuer.verify(issuer.signed(status=entry))
    assert report.failure.code == CheckCode.STATUS
    assert report.failure.reason in (Reason.STATUS_LIST_WRONG, Reason.INDEX_OUTSIDE)


def test_the_list_is_not_asked_for_before_the_signature_holds(issuer, badge):
    asked = []

    def resolve(url):
        asked.append(url)
        raise AssertionError

    issuer.verify(edited(badge, "name", "x"), resolve_status_list=resolve)
    assert asked == []


def by_name_of_key(method: str):
    """The keys of the published fixtures are in the name of the method itself."""
    fragment = method.partition("#")[2]
    if not fragment.startswith("z6Mk"):
        raise KeyUnknownError(method)
    return did.decode_multikey(fragment)


def test_published_badge_with_a_current_proof(published, issuer):
    source = published("simple.json")
    report = issuer.verify(source, resolve_key=by_name_of_key)
    assert report.ok, report.failure
    assert report.issuer == "https://example.com/issuers/876543"
    changed = source.replace(b"Teamwork Badge", b"Teamwork badge")
    assert failure(issuer.verify(changed, resolve_key=by_name_of_key)) == (
        CheckCode.SIGNATURE,
        Reason.SIGNATURE_WRONG,
    )


def test_published_badge_of_the_old_data_model(published, issuer):
    report = issuer.verify(published("simple-eddsa-2022.json"), resolve_key=by_name_of_key)
    assert failure(report) == (CheckCode.STRUCTURE, Reason.UNKNOWN_CONTEXT)


def test_published_badge_with_a_list_elsewhere(published, issuer):
    report = issuer.verify(
        published("bit-string-list/credential-status-revoked.json"), resolve_key=by_name_of_key
    )
    assert failure(report) == (CheckCode.STATUS, Reason.STATUS_UNAVAILABLE)


def test_published_endorsement_is_told_from_a_badge(published, issuer):
    report = issuer.verify(published("endorsement-valid.json"), resolve_key=by_name_of_key)
    assert report.ok and report.summary.is_endorsement
