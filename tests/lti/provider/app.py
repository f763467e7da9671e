"""The provider's Flask app: its first page, how it is connected, its keys and pictures."""

from __future__ import annotations

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
)

from tests.lti.provider import catalogue, course, launches, registering
from tests.lti.provider.platforms import Memory, Platform, Platforms

front = Blueprint("front", __name__)


def create_app(platforms: Platforms, *, platform: str = "", url: str = "") -> Flask:
    """``url``: where the app is reached. ``platform``: prefills the form of the first page."""
    app = Flask(__name__)
    app.secret_key = "only-for-trying-things-out"
    app.config.update(URL=url, PLATFORM=platform)
    # Not the name another site on this machine gives its session: ports share cookies.
    app.config["SESSION_COOKIE_NAME"] = "course-provider"
    app.extensions["platforms"] = platforms
    app.extensions["memory"] = Memory()
    for blueprint in (front, launches.routes, course.routes):
        app.register_blueprint(blueprint)
    app.after_request(_policy)
    return app


def _policy(response: Response) -> Response:
    """Nothing inline and nothing from elsewhere; anybody may frame it, as providers are framed."""
    response.headers["Content-Security-Policy"] = "default-src 'self'; img-src 'self' data:"
    return response


@front.get("/")
def first_page():
    platform = current_app.config["PLATFORM"]
    guessed = {
        "issuer": platform,
        "auth_login_url": f"{platform}/col/lti/auth",
        "auth_token_url": f"{platform}/col/lti/token",
        "key_set_url": f"{platform}/col/lti/jwks",
    }
    return render_template(
        "first.html",
        url=current_app.config["URL"],
        platforms=list(current_app.extensions["platforms"]),
        guessed=guessed if platform else {},
        name=registering.NAME,
    )


@front.get("/health")
def health():
    return jsonify(status="ok")


@front.get("/jwks")
def jwks():
    return jsonify(current_app.extensions["platforms"].public_jwks())


@front.get("/config.json")
def config():
    """What a platform has to know when it is told by hand."""
    return jsonify(registering.metadata(current_app.config["URL"]))


@front.get("/policy")
def policy():
    return render_template("policy.html", name=registering.NAME)


@front.get("/cookies")
def cookies():
    """Whether this browser keeps our cookies where this page is shown: in a frame most do not."""
    if "asked" not in request.args:
        response = redirect("/cookies?asked=1")
        response.set_cookie("kept", "yes", secure=True, samesite="None")
        return response
    kept = "kept" in request.cookies
    return render_template("cookies.html", said="Cookies are kept." if kept else "No cookies here.")


@front.get("/pictures/<key>.png")
def picture(key: str):
    lesson = catalogue.LESSONS.get(key)
    if lesson is None:
        return Response(status=404)
    return Response(catalogue.picture(lesson), mimetype="image/png")


@front.post("/platforms")
def connect_by_hand():
    """A platform, told by hand: a form or JSON with the members of ``Platform``."""
    try:
        platform = Platform.from_form(request.get_json() if request.is_json else request.form)
    except KeyError as missing:
        return render_template("wrong.html", message=f"{missing.args[0]} is missing."), 400
    current_app.extensions["platforms"].add(platform)
    return render_template("connected.html", platform=platform, closes=False)


@front.get("/register")
def connect_by_itself():
    """Dynamic Registration: the platform has opened this in a window."""
    try:
        platform = registering.register(
            current_app.config["URL"],
            request.args.get("openid_configuration", ""),
            request.args.get("registration_token"),
        )
    except (registering.RegistrationFailed, KeyError, ValueError, OSError) as error:
        return render_template("wrong.html", message=str(error)), 400
    current_app.extensions["platforms"].add(platform)
    return render_template("connected.html", platform=platform, closes=True)
