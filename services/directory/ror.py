"""ROR ids, the identifiers of the Research Organization Registry: `0`, six characters, two check digits."""

import re

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: without i, l, o and u
_form = re.compile(f"0[{_ALPHABET}]{{6}}[0-9]{{2}}")


def is_ror(text: str) -> bool:
    """Whether the nine characters have the form of a ROR id and the check digits (ISO 7064, MOD 97-10) fit."""
    if not _form.fullmatch(text):
        return False
    number = 0
    for character in text[1:7]:
        number = number * len(_ALPHABET) + _ALPHABET.index(character)
    return 98 - number * 100 % 97 == int(text[7:])
