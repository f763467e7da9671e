"""The one place that calls ``lti1p3platform``.

What the library does right is used: it signs with RS256 and it knows the shape of the claims. What
it leaves out (it checks nothing a tool sends in a login, and less than the standards ask elsewhere)
is checked around it. ``tests/lti/platform/test_library.py`` pins what we rely on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lti1p3platform.ags import LtiAgs
from lti1p3platform.deep_linking import LtiDeepLinking
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.nrps import LtiNrps
from lti1p3platform.registration import Registration

DEEP_LINKING_SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"


def sign(claims: dict[str, Any], private_key: Any, headers: dict[str, str]) -> str:
    """A compact JSON Web Signature (RS256) of ``claims``, which stay as they are.

    ``private_key``: a loaded RSA key. The library's own ``platform_encode_and_sign`` would read it
    from PEM twice for every message, which takes longer than the signature.
    """
    return Registration.encode_and_sign(claims, private_key, headers)


class Message(LTIAdvantageMessageLaunchAbstract):
    """The library's builder of a message, without its views: it only puts claims together.

    Its setters take what they are given; ``launch`` looks at the result.
    """

    def __init__(
        self, *, issuer: str, client_id: str, deployment_id: str, target_link_uri: str
    ) -> None:
        super().__init__(request=None, platform_config=None)
        registration = Registration().set_iss(issuer).set_client_id(client_id)
        self._registration = registration.set_deployment_id(deployment_id)
        self.set_launch_url(target_link_uri)

    def render_launch_form(self, launch_data: dict[str, Any], **kwargs: Any) -> Any:
        """Not here: our template writes the form (the library's would show ``state`` as HTML)."""
        raise NotImplementedError

    def claims(self) -> dict[str, Any]:
        """All claims set until now, a copy."""
        return dict(self.get_launch_message())


def grade_claim(
    *, line_items_url: str, line_item_url: str, scopes: Sequence[str]
) -> dict[str, Any]:
    """The claim of Assignment and Grade Services (AGS 2.0, section 3.1).

    The library knows one of two fixed lists of scopes; ours are those the tool really has.
    """
    claim = LtiAgs(line_items_url, line_item_url or None).get_lti_ags_launch_claim()
    claim[AGS_ENDPOINT]["scope"] = list(scopes)
    return claim


def roster_claim(members_url: str) -> dict[str, Any]:
    """The claim of Names and Role Provisioning Services (NRPS 2.0, section 3.6.1)."""
    return LtiNrps(members_url).get_lti_nrps_launch_claim()


def deep_linking_claim(
    *, return_url: str, data: str, accept_types: Sequence[str]
) -> dict[str, Any]:
    """The settings of a deep linking request (Deep Linking 2.0, section 4.4.1).

    The library says that items are saved without a question, accepts them in places that we do not
    have, and gives them empty texts: put right here. ``data`` is text that comes back as it is.
    """
    builder = LtiDeepLinking(return_url)
    claim = builder.get_lti_deep_linking_launch_claim(accept_types=set(accept_types))
    settings = claim[DEEP_LINKING_SETTINGS]
    del settings["title"], settings["text"]
    settings.update(
        accept_types=list(accept_types),
        accept_presentation_document_targets=["window", "iframe"],
        accept_lineitem=True,
        auto_create=False,
        data=data,
    )
    return claim
