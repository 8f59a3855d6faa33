"""When a reply that is still being written has made its choice, so that the rest need not be."""

from collections.abc import Sequence


def settled(reply: str, labels: Sequence[str], texts: Sequence[str]) -> str | None:
    """What a reply will be, once it has named its option by a label and begun that option's text.

    A label with its period would do ("B."), but a reply can go on otherwise ("A. or B.", "B, I
    think"); so the text of that very option, and of no other, must have begun behind it. The reply
    is then given as the whole line, "B. Banana.": the official parser reads it as it would have
    read the reply written to its end, and a later turn is shown what it would have been shown. The
    robust parser may read more in what is never written ("B. Banana or A, I cannot tell."), so
    replies that it decides on are not for cutting.

    Args:
        reply: What has been written so far.
        labels: Labels of the options, as shown.
        texts: Texts of the options, aligned with the labels.

    Returns:
        The label and the text of the option, or None while the reply must go on.
    """
    label, period, rest = reply.strip().partition(".")
    begun = rest.strip()
    if not period or not begun or label not in labels:
        return None
    text = texts[labels.index(label)]
    if [other for other in texts if other.startswith(begun)] != [text]:
        return None
    return f"{label}. {text}"
