"""Whether a token was signed by the issuer of the credential inside.

Source: Open Badges 3.0, section 8.2.3: the header names the key (``kid``), or carries it (``jwk``).
A key that is carried says nothing about whose it is: the issuer has to publish the same one.
"""

from collections.abc import Callable

from . import jwt
from .controllers import is_same_origin
from .errors import ProofError, Reason
from .jwk import PublicKey
from .proof import ResolveKey, issuer_id, resolved

# From an issuer's identifier to all its keys; raises what ``ResolveKey`` raises.
ResolveKeys = Callable[[str], list[PublicKey]]


def check_token(
    token: jwt.Token,
    document: dict,
    resolve_key: ResolveKey,
    resolve_keys: ResolveKeys | None = None,
) -> str:
    """Checks the signature of ``token`` and that the key is the issuer's of ``document``.

    Returns the name of the key, or the issuer's identifier when the token names none. Raises
    ``ProofError``.
    """
    method = check_token_signature(token, document, resolve_key, resolve_keys)
    check_kid_of_issuer(document, method)
    return method


def check_token_signature(
    token: jwt.Token,
    document: dict,
    resolve_key: ResolveKey,
    resolve_keys: ResolveKeys | None = None,
) -> str:
    """Like ``check_token`` without asking whose the named key is."""
    inside = token.key_inside
    if inside is not None:
        # A token that was changed ends here, and nothing is fetched for it.
        jwt.check_signature(token, inside)
    issuer = issuer_id(document) or ""
    method = _method(token.kid, issuer)
    if method:
        # Somebody else's key would have to be asked for at their host.
        check_kid_of_issuer(document, method)
        jwt.check_signature(token, resolved(method, resolve_key))
        return method
    if inside is None:
        raise ProofError("The token does not say which key signed it.", Reason.BAD_PROOF)
    if resolve_keys is None or inside not in resolved(issuer, resolve_keys):
        raise ProofError(
            "The key came with the token, and its issuer does not publish it.",
            Reason.KEY_NOT_PUBLISHED,
        )
    return issuer


def check_kid_of_issuer(document: dict, method: str) -> None:
    """Raises ``ProofError`` unless the key is named by the issuer's own identifier, or, for an
    issuer that is a web address, by an address at the same host."""
    issuer = issuer_id(document) or ""
    named = method.partition("#")[0]
    if not issuer or not (named == issuer or is_same_origin(named, issuer)):
        raise ProofError(
            "The key that signed does not belong to the issuer that is named.",
            Reason.NOT_OF_ISSUER,
            verification_method=method[:300],
        )


def _method(kid: str, issuer: str) -> str:
    """The complete name of the key; a short one is the issuer's."""
    if not kid or ":" in kid:
        return kid
    return f"{issuer}#{kid.removeprefix('#')}"
