"""The way in: OIDC login and launch, with cookies or with the platform's storage.

A window of its own keeps ``state`` in a cookie. In a frame browsers block that cookie; when the
platform says ``lti_storage_target`` the page keeps it there instead ("LTI OIDC Login with LTI
Client Side postMessages" and "LTI postMessage Storage"). PyLTI1p3 knows cookies only.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, current_app, redirect, render_template, request
from pylti1p3.contrib.flask import (
    FlaskCookieService,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
)
from pylti1p3.exception import LtiException, OIDCException

routes = Blueprint("launches", __name__)


class StoredState(FlaskCookieService):
    """Reads the state from what the platform's storage gave back instead of a cookie."""

    def __init__(self, request, stored: str) -> None:
        super().__init__(request)
        self._stored = stored

    def get_cookie(self, name):
        return self._stored


class Launch(FlaskMessageLaunch):
    """With the check PyLTI1p3 leaves to the application: the token is young."""

    def validate_jwt_signature(self):
        super().validate_jwt_signature()
        body = self._get_jwt_body()
        if not 0 < body["exp"] - body["iat"] <= 3600:
            raise LtiException("The token lives too long")
        return self


@routes.route("/login", methods=["GET", "POST"])
def login():
    """Third-party initiated login (Security Framework 1.0, section 5.1.1.1)."""
    given = request.values
    try:
        oidc = FlaskOIDCLogin(
            FlaskRequest(request_data=given.to_dict()),
            current_app.extensions["platforms"],
            launch_data_storage=current_app.extensions["memory"],
        )
        going = oidc.get_redirect_object(f"{current_app.config['URL']}/launch")
    except OIDCException as error:
        return render_template("wrong.html", message=str(error)), 400
    target = given.get("lti_storage_target")
    if not target:
        return going.do_redirect()
    url = going.get_redirect_url()
    place = {"target": target, "origin": _origin(url)}
    state = parse_qs(urlsplit(url).query)["state"][0]
    current_app.extensions["memory"].set_value(f"stored-{state}", place)
    return render_template("keep_state.html", url=url, **place)


@routes.post("/launch")
def launch():
    """The platform posts the id_token here (section 5.1.1.3)."""
    form = request.form
    if "error" in form:
        said = form.get("error_description") or form["error"]
        return render_template("wrong.html", message=f"The platform says: {said}"), 400
    cookies = FlaskCookieService(FlaskRequest())
    place = current_app.extensions["memory"].get_value(f"stored-{form.get('state')}")
    if place and "stored" in form:
        cookies = StoredState(FlaskRequest(), form["stored"])
    elif place:
        return render_template("fetch_state.html", form=form, **place)
    message = Launch(
        FlaskRequest(),
        current_app.extensions["platforms"],
        cookie_service=cookies,
        launch_data_storage=current_app.extensions["memory"],
    )
    try:
        message.validate()
    except LtiException as error:
        return render_template("wrong.html", message=str(error)), 400
    return redirect(f"/launches/{message.get_launch_id()}", 303)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
