"""After the launch: the course, the picker, and the services a course may call.

Every answer is a page; a request that accepts JSON gets what the platform said as JSON.
"""

from __future__ import annotations

from datetime import UTC, datetime

import requests
from flask import Blueprint, abort, current_app, jsonify, render_template, request
from pylti1p3.contrib.flask import FlaskMessageLaunch, FlaskRequest
from pylti1p3.exception import LtiException, LtiServiceException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.utils import add_param_to_url

from tests.lti.provider import catalogue

routes = Blueprint("course", __name__, url_prefix="/launches/<launch_id>")
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
LINE_ITEM_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"


@routes.app_errorhandler(LtiServiceException)
def platform_refused(error: LtiServiceException):
    """The platform's own words, for whoever tries things out."""
    said = {"status": error.response.status_code, "body": error.response.text}
    if request.accept_mimetypes.best == "application/json":
        return jsonify(refused=said), 502
    return render_template("wrong.html", message="The platform refused.", said=said), 502


def find(launch_id: str) -> FlaskMessageLaunch:
    try:
        return FlaskMessageLaunch.from_cache(
            launch_id,
            FlaskRequest(),
            current_app.extensions["platforms"],
            launch_data_storage=current_app.extensions["memory"],
        )
    except LtiException:
        abort(404)


def answer(launch: FlaskMessageLaunch, title: str, data):
    if request.accept_mimetypes.best == "application/json":
        return jsonify(data)
    return render_template("answer.html", title=title, data=data, launch=launch.get_launch_id())


@routes.get("")
def show(launch_id: str):
    launch = find(launch_id)
    claims = launch.get_launch_data()
    if request.accept_mimetypes.best == "application/json":
        return jsonify(claims)
    page = "course.html"
    if launch.is_deep_link_launch():
        page = "picker.html"
    elif launch.is_submission_review_launch():
        page = "review.html"
    return render_template(
        page,
        launch=launch_id,
        claims=claims,
        person=claims.get("name") or "You are here under a pseudonym",
        title=claims.get(CLAIM + "resource_link", {}).get("title", ""),
        context=claims.get(CLAIM + "context", {}).get("title", ""),
        back=claims.get(CLAIM + "launch_presentation", {}).get("return_url"),
        lessons=list(catalogue.LESSONS.values()),
        graded="lineitem" in claims.get(AGS, {}),
        services=launch.has_ags() or launch.has_nrps(),
    )


@routes.post("/picked")
def picked(launch_id: str):
    """The deep linking response (Deep Linking 2.0, section 3.3), in a form that sends itself."""
    launch = find(launch_id)
    link = launch.get_deep_link()
    settings = launch.get_launch_data()[
        "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
    ]
    lessons = [catalogue.LESSONS[key] for key in request.form.getlist("lesson")]
    url = current_app.config["URL"]
    message = link.get_message_jwt([catalogue.PickedLesson(lesson, url) for lesson in lessons])
    if "data" not in settings:
        del message["https://purl.imsglobal.org/spec/lti-dl/claim/data"]
    said = "msg" if lessons else "errormsg"
    message[f"https://purl.imsglobal.org/spec/lti-dl/claim/{said}"] = (
        "1 course." if len(lessons) == 1 else f"{len(lessons)} courses."
    )
    return render_template(
        "send.html", action=settings["deep_link_return_url"], token=link.encode_jwt(message)
    )


@routes.post("/score")
def score(launch_id: str):
    """Report how far the learner is: ``done`` (0 to 1), ``progress`` and ``grading`` of AGS 2.0."""
    launch = find(launch_id)
    claims = launch.get_launch_data()
    done = float(request.form.get("done", 1))
    finished = done >= 1
    column = launch.get_ags().get_lineitem()
    grade = Grade()
    grade.set_score_given(done * column.get_score_maximum())
    grade.set_score_maximum(column.get_score_maximum())
    grade.set_activity_progress(
        request.form.get("progress") or ("Completed" if finished else "InProgress")
    )
    grade.set_grading_progress(
        request.form.get("grading") or ("FullyGraded" if finished else "Pending")
    )
    grade.set_timestamp(request.form.get("timestamp") or datetime.now(UTC).isoformat())
    grade.set_user_id(claims["sub"])
    if finished:
        grade.set_comment("Well done.")
    launch.get_ags().put_grade(grade)
    said = "You have finished." if finished else "Noted: you are half way."
    return answer(launch, said, {"scoreGiven": grade.get_score_given()})


@routes.get("/results")
def results(launch_id: str):
    launch = find(launch_id)
    return answer(launch, "Results", launch.get_ags().get_grades())


@routes.get("/members")
def members(launch_id: str):
    """Everybody, page by page; ``limit`` and ``role`` as in NRPS 2.0, section 2.4."""
    launch = find(launch_id)
    service = launch.get_nrps()
    url = launch.get_launch_data()[
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
    ]["context_memberships_url"]
    for name, value in request.args.items():
        url = add_param_to_url(url, name, value)
    pages = []
    while url:
        page, url = service.get_members_page(url)
        pages.append(page)
    return answer(launch, "Members", {"pages": pages})


@routes.get("/lineitems")
def line_items(launch_id: str):
    launch = find(launch_id)
    ags = launch.get_ags()
    url = launch.get_launch_data()[AGS]["lineitems"]
    for name, value in request.args.items():
        url = add_param_to_url(url, name, value)
    found = []
    while url:
        page, url = ags.get_lineitems_page(url)
        found += page
    return answer(launch, "Line items", found)


@routes.post("/lineitems")
def create_line_item(launch_id: str):
    launch = find(launch_id)
    wanted = LineItem().set_label(request.form["label"]).set_tag(request.form.get("tag", "extra"))
    wanted.set_score_maximum(float(request.form.get("maximum", 10)))
    made = launch.get_ags().find_or_create_lineitem(wanted)
    return answer(launch, "Created", _members_of(made))


@routes.post("/lineitems/change")
def change_line_item(launch_id: str):
    """PyLTI1p3 has no PUT: the request is our own, with its token."""
    launch = find(launch_id)
    column = launch.get_ags().get_lineitem(request.form["id"])
    column.set_label(request.form["label"])
    response = _send(launch, "PUT", column.get_id(), column.get_value())
    return answer(launch, "Changed", response.json())


@routes.post("/lineitems/remove")
def remove_line_item(launch_id: str):
    launch = find(launch_id)
    response = _send(launch, "DELETE", request.form["id"])
    return answer(launch, "Removed", {"status": response.status_code})


def _send(launch: FlaskMessageLaunch, method: str, url: str, body: str | None = None):
    token = launch.get_service_connector().get_access_token([LINE_ITEM_SCOPE])
    headers = {"Authorization": f"Bearer {token}"}
    if body is not None:
        headers["Content-Type"] = LINE_ITEM_TYPE
    response = requests.request(method, url, data=body, headers=headers, timeout=10)
    if not response.ok:
        raise LtiServiceException(response)
    return response


def _members_of(column: LineItem) -> dict:
    return {
        "id": column.get_id(),
        "label": column.get_label(),
        "scoreMaximum": column.get_score_maximum(),
        "tag": column.get_tag(),
    }
