"""Base58 (Bitcoin alphabet) behind multibase prefix ``z`` (Controlled Identifiers 1.0, 2.4)."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
# Keys and signatures take at most 90 characters; decoding is quadratic in the length.
_MAX_CHARACTERS = 128


def encode(data: bytes) -> str:
    """``z`` followed by ``data`` in base 58; leading zero bytes become leading ``1``."""
    number = int.from_bytes(data)
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(reversed(digits))


def decode(text: str) -> bytes:
    """The bytes behind ``z…``. Raises ValueError for anything else."""
    if not isinstance(text, str) or not text.startswith("z") or len(text) > _MAX_CHARACTERS:
        raise ValueError("not a base 58 multibase value")
    digits = text[1:]
    number = 0
    for character in digits:
        if character not in _VALUES:
            raise ValueError("not a base 58 multibase value")
        number = number * 58 + _VALUES[character]
    zeros = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
