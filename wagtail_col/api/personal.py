"""What this floor holds about people. (see ``wagtail_col.personal``)"""

from django.utils.translation import gettext_lazy as _

from wagtail_col.personal import (
    NOBODY,
    ONLY_STAFF,
    STAFF,
    WITH_ITS_THING,
    Basis,
    Erasure,
    Holding,
    Path,
)

_TO_CONNECT = _("so that apps the learner let in can fetch badges, and no other can")
_CLEANED = "wagtail_col.api.cleaning.clean"
_UNTIL_OVER = _("until it is over or the connection is stopped")


def _token(model: str, *secrets: str, unused: tuple[str, ...] = ()) -> Holding:
    return Holding(
        model=model,
        data=_("keys of connected apps, as hashes"),
        purpose=_TO_CONNECT,
        basis=Basis.CONSENT,
        seen_by=NOBODY,
        kept=_UNTIL_OVER,
        cleaned_by=_CLEANED,
        paths=(Path("user"),),
        withheld=secrets,
        unused=unused,
    )


PERSONAL = (
    Holding(
        model="col_api.Connection",
        data=_("which apps the learner let in, and what they may do"),
        purpose=_TO_CONNECT,
        basis=Basis.CONSENT,
        seen_by=_("the learner; the app"),
        kept=_("until the learner stops it or the account is deleted"),
        cleaned_by=_CLEANED,
        paths=(Path("learner"),),
        remains=_("what the app fetched before; delete it there"),
    ),
    _token("col_api.Grant", "code", "nonce", "code_challenge", "token_checksum"),
    # With the token of an identity, which this site gives to nobody.
    _token("oauth2_provider.AccessToken", "token", "token_checksum", unused=("id_token",)),
    _token("oauth2_provider.RefreshToken", "token", "token_checksum"),
    _token("oauth2_provider.IDToken", "jti"),
    _token("oauth2_provider.DeviceGrant", "device_code", "user_code"),
    Holding(
        model="col_api.Application",
        data=_("who connected a provider’s own system; the contacts of an app"),
        purpose=_("to let providers’ systems give badges"),
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=WITH_ITS_THING,
        paths=(
            Path(
                "made_by",
                who=STAFF,
                erasure=Erasure.ANONYMISE,
                fields=("name", "created"),
            ),
        ),
        withheld=("client_secret",),
        # The library's own field: an application here belongs to nobody.
        unused=("user",),
        organisations=("contacts",),
    ),
    Holding(
        model="col_api.KeptAnswer",
        data=_("what a provider’s system was answered when it gave a badge"),
        purpose=_("so that a request that is sent twice gives one badge"),
        basis=Basis.PUBLIC_TASK,
        seen_by=_("the provider’s system"),
        kept=_("30 days; until the learner’s account is deleted"),
        cleaned_by=_CLEANED,
    ),
    Holding(
        model="col_api.RegistrationTry",
        data=_("the network from which an app registered, as a keyed hash"),
        purpose=_("to slow down who registers apps without end"),
        basis=Basis.OBLIGATION,
        seen_by=NOBODY,
        kept=_("one hour"),
        cleaned_by=_CLEANED,
    ),
)
