"""What a server says, made fit for an error message: one short line without the key."""

import json
from typing import Any
from urllib.parse import quote

LONGEST = 300
"""Characters of a server's message that are kept."""

HIDDEN = "[key]"


def one_line(text: str, key: str | None) -> str:
    """Text without control characters, in one line, without the key, shortened."""
    # In this order: neither a control character inside the key nor the cut may keep it readable.
    printable = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    line = " ".join(printable.split())
    for spelling in _spellings(key) if key else ():
        line = line.replace(spelling, HIDDEN)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _spellings(key: str) -> set[str]:
    """A key as it stands in text, in JSON (where / may be escaped too) and in an address."""
    in_json = json.dumps(key)[1:-1]
    return {key, in_json, in_json.replace("/", "\\/"), quote(key, safe="")}


def message_of(body: bytes, key: str | None) -> str:
    """The message in the body of an error: that of a known JSON form, else the text itself."""
    text = body.decode("utf-8", "replace")
    try:
        found = _message(json.loads(text))
    except (ValueError, RecursionError):
        found = None
    return one_line(found if found is not None else text, key)


def _message(record: Any) -> str | None:
    """`{"error": {"message": …}}`, `{"error": …}`, `{"message": …}` or `{"detail": …}`."""
    if not isinstance(record, dict):
        return None
    for name in ("error", "message", "detail"):
        value = record.get(name)
        if isinstance(value, str):
            return value
        if isinstance(value, dict):
            return _message(value)
    return None
