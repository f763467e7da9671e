"""Credentials of one achievement for many learners: alike in shape, odd in their texts."""

from datetime import timedelta
from random import Random

from wagtail_col.badges.openbadges import credential, status

from .samples import AWARDED, LIST, SITE, Issuer, achievement

ALPHABETS = (
    "abc XYZ 012",
    "“”‘’«»–—…",
    "\"\\'\t\n\r<>{}%$^@_:#.",
    "ñßøłšžćőüİı",
    "河流水質測量",
    "नदीجهة🏞️👩‍👩‍👧\u200d\u200b\u202e\u2028\u2029\u0085\u00a0\ufeff\ufffd\uffff",
    "\U0001f600\U00010348\U0010ffff",
    "a\u0301\u00e1e\u0323\u0302",
)
AWKWARD = (
    "_:c14n0",
    "_:a",
    '"@en .\n_:c14n1',
    "{0}{1}{}",
    "{{}}",
    "%s",
    "1",
    "1.0",
    "true",
    "null",
    "\\",
    "\\n",
    '"',
    "\n",
    "\r\n",
    " ",
    "https://city.example/",
)


class Crowd:
    """Random credentials, the same ones for the same seed."""

    def __init__(self, issuer: Issuer, seed: int):
        self.issuer = issuer
        self.random = Random(seed)

    def text(self) -> str:
        """A text that may be signed: never empty, sometimes meant to be taken for something."""
        if self.random.random() < 0.1:
            return self.random.choice(AWKWARD) + "x"
        alphabet = "".join(self.random.sample(ALPHABETS, 2))
        return "x" + "".join(self.random.choices(alphabet, k=self.random.randrange(40)))

    def number(self) -> int:
        return self.random.getrandbits(64)

    def address(self, path: str) -> str:
        letters = "".join(self.random.choices("abcé河?&=%20#-._~!$'()*+,;/", k=5))
        return f"{SITE}/{path}/{self.number()}{letters}"

    def subject(self, form: int) -> credential.Subject:
        email, salt = f"{self.number()}@city.example", f"{self.number():x}"
        return (
            credential.Subject(email=email, salt=salt),
            credential.Subject(id=f"urn:uuid:{self.number()}"),
            credential.Subject(id=f"did:web:{self.number()}.example", email=email, salt=salt),
        )[form % 3]

    def evidence(self, form: int) -> tuple[credential.EvidenceItem, ...]:
        """None, one with an address, one without, several of both, or several without."""
        named = credential.EvidenceItem(self.text(), name=self.text(), id=self.address("evidence"))
        bare = [credential.EvidenceItem(self.text()) for _ in range(3)]
        return ((), (named,), (bare[0],), (named, *bare), tuple(bare))[form % 5]

    def credential(self, form: int = 0) -> dict:
        """``form`` (0…29) chooses the shape; all else is random."""
        awarded = AWARDED - timedelta(seconds=self.random.randrange(10**8))
        place = self.random.randrange(status.MINIMUM_SIZE)
        return self.issuer.unsigned(
            credential_id=self.address("credentials"),
            name=self.text(),
            achievement=achievement(**({} if form % 2 else {"alignments": (), "tags": ()})),
            subject=self.subject(form),
            valid_from=awarded,
            valid_until=awarded + timedelta(days=20_000) if form % 3 else None,
            evidence=self.evidence(form),
            status=status.entry(LIST + "x" * self.random.randrange(2), place),
        )
