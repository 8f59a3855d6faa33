"""Letters that stand before the options of a prompt."""

from string import ascii_uppercase


def codepoint_labels(n: int) -> tuple[str, ...]:
    """Return the published labels: ``A`` and the code points that follow it.

    Past the 26th option these are no letters (``[`` is the first), and the 33rd (``a``) equals the
    first one after lower-casing, as in the released code.

    Raises:
        ValueError: if ``n`` is negative.
    """
    _check_count(n)
    return tuple(chr(ord("A") + i) for i in range(n))


def unique_labels(n: int) -> tuple[str, ...]:
    """Return ``n`` different labels in the order of spreadsheet columns: A … Z, AA, AB, ….

    Raises:
        ValueError: if ``n`` is negative.
    """
    _check_count(n)
    return tuple(_column_name(i) for i in range(n))


def _check_count(n: int) -> None:
    if n < 0:
        raise ValueError(f"the number of labels must not be negative, got {n}")


def _column_name(i: int) -> str:
    name = ""
    i += 1
    while i > 0:
        i, letter = divmod(i - 1, len(ascii_uppercase))
        name = ascii_uppercase[letter] + name
    return name
