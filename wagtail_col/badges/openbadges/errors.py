"""Why something was refused: one enumeration of reasons, and the exceptions that carry them."""

from enum import StrEnum


class Reason(StrEnum):
    """Stable codes. Callers map them to sentences in the reader's language."""

    # Reading a JSON document.
    NOT_TEXT = "not-text"
    TOO_LARGE = "too-large"
    NOT_JSON = "not-json"
    TOO_DEEP = "too-deep"
    DUPLICATE_MEMBER = "duplicate-member"
    BAD_NUMBER = "bad-number"
    NOT_AN_OBJECT = "not-an-object"
    NOT_A_JWS = "not-a-jws"

    # What a signature would not cover, or not cover in the same way everywhere.
    CONTROL_CHARACTER = "control-character"
    BROKEN_CHARACTER = "broken-character"
    UNKNOWN_CONTEXT = "unknown-context"
    UNDEFINED_TERM = "undefined-term"
    UNSIGNED_VALUE = "unsigned-value"
    UNUSUAL_SPELLING = "unusual-spelling"
    BAD_IDENTIFIER = "bad-identifier"
    DESCRIBED_TWICE = "described-twice"
    TOO_COMPLEX = "too-complex"

    # What a credential has to say.
    MISSING_MEMBER = "missing-member"
    WRONG_MEMBER = "wrong-member"
    BAD_FIELD = "bad-field"

    # Identifiers and keys.
    BAD_DID = "bad-did"
    BAD_KEY = "bad-key"
    DID_UNSUPPORTED = "did-unsupported"
    KEY_UNAVAILABLE = "key-unavailable"
    KEY_NOT_PUBLISHED = "key-not-published"

    # Whom and what an Open Badges 2.0 assertion refers to.
    NOT_AN_AWARD = "not-an-award"
    ADDRESS_UNAVAILABLE = "address-unavailable"
    NOT_PUBLISHED = "not-published"
    PUBLISHED_DIFFERS = "published-differs"
    OUTSIDE_SCOPE = "outside-scope"

    # The proof.
    NO_PROOF = "no-proof"
    SEVERAL_PROOFS = "several-proofs"
    BAD_PROOF = "bad-proof"
    UNSUPPORTED_PROOF = "unsupported-proof"
    WRONG_PURPOSE = "wrong-purpose"
    PROOF_NOT_YET = "proof-not-yet"
    PROOF_EXPIRED = "proof-expired"
    KEY_UNKNOWN = "key-unknown"
    SIGNATURE_WRONG = "signature-wrong"
    NOT_OF_ISSUER = "not-of-issuer"
    CLAIM_DIFFERS = "claim-differs"

    # Dates.
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    ENDS_BEFORE_START = "ends-before-start"

    # Status.
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    STATUS_UNAVAILABLE = "status-unavailable"
    STATUS_UNSUPPORTED = "status-unsupported"
    STATUS_LIST_WRONG = "status-list-wrong"
    INDEX_OUTSIDE = "index-outside"

    # Whose it is.
    ANOTHERS = "anothers"
    NO_RECIPIENT = "no-recipient"

    # Images.
    NOT_PNG = "not-png"
    BROKEN_PNG = "broken-png"
    NOT_SVG = "not-svg"
    BROKEN_SVG = "broken-svg"
    NO_CREDENTIAL = "no-credential"
    SEVERAL_CREDENTIALS = "several-credentials"

    # Not refusals.
    OK = "ok"
    NO_STATUS = "no-status"
    NOT_RUN = "not-run"


class OpenBadgesError(Exception):
    """A refusal.

    ``str(error)`` is a plain English sentence, ``error.code`` a ``Reason``, ``error.data`` the
    details that a translated sentence may show (short strings and numbers).
    """

    def __init__(self, message: str, code: Reason, **data: str | int):
        super().__init__(message)
        self.message = message
        self.code = code
        self.data = data


class UnreadableError(OpenBadgesError):
    """The bytes are not a JSON document that is safe to look at."""


class UnsignableError(OpenBadgesError):
    """A signature would not protect this content, or not identically in every verifier."""


class StructureError(OpenBadgesError):
    """The document lacks what a credential must have, or has it in the wrong form."""


class FieldError(OpenBadgesError):
    """A value for a new credential is missing or impossible."""


class DidError(OpenBadgesError):
    """A DID, a web address for one, or a public key in text form is not usable."""


class ProofError(OpenBadgesError):
    """The proof does not hold."""


class KeyUnknownError(OpenBadgesError):
    """For ``resolve_key`` to raise: nobody here knows the key that the proof names."""

    def __init__(self, verification_method: str):
        super().__init__(
            "The key that signed this is not known here.",
            Reason.KEY_UNKNOWN,
            verification_method=verification_method[:300],
        )


class UnavailableError(OpenBadgesError):
    """For whoever fetches to raise: this document cannot be had now.

    ``code`` is ``KEY_UNAVAILABLE``, ``STATUS_UNAVAILABLE`` or ``ADDRESS_UNAVAILABLE``, by what it
    was needed for; ``status`` the number with which the server refused it, if it did.
    """

    def __init__(self, url: str, code: Reason, *, status: int | None = None, why: str = ""):
        super().__init__("This document cannot be read now.", code, url=url[:300], why=why)
        self.status = status


class StatusError(OpenBadgesError):
    """A status list or an entry in one is not usable."""


class StatusUnavailableError(StatusError):
    """For ``resolve_status_list`` to raise: the list cannot be read now."""

    def __init__(self, url: str):
        super().__init__(
            "The list that says whether this was withdrawn cannot be read now.",
            Reason.STATUS_UNAVAILABLE,
            url=url[:300],
        )


class BakingError(OpenBadgesError):
    """An image that cannot carry a credential, or carries none that can be read."""
