r"""Containers: marks that set the answer apart, such as ``\boxed{…}`` or ``<answer>…</answer>``."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

CONTAINER_KINDS = frozenset({"answer tag", "boxed", "json"})

_TAGS = r"answer|final_answer|final|choice|option"
_TAGGED = re.compile(rf"<({_TAGS})>(?P<content>(?:(?!<\1>).)*?)(?:</\1>|\Z)", re.I | re.S)
_MODEL_BOX = re.compile(r"<\|begin_of_box\|>(?P<content>.*?)(?:<\|end_of_box\|>|\Z)", re.S)
_BOXED = re.compile(r"\\(?:boxed|fbox)\s*(?=\{)")
_JSON_KEY = re.compile(
    r"[\"'](?:final[ _])?(?:answer|choice|option|selected[ _]option|selection|label|letter|"
    r"prediction|response|result|output)[\"']\s*:\s*"
    r"(?:(?P<string>\"(?:[^\"\\]|\\.)*\")|'(?P<quoted>(?:[^'\\\n]|\\.)*)'|"
    r"\[(?P<list>[^\[\]{}]*)\]|(?P<bare>[\w.+-]+))",
    re.IGNORECASE,
)

# Marks of layout, not of content; `<B>` is left alone, it may be an answer.
_LAYOUT = re.compile(
    rf"(?i:</?(?:{_TAGS}|strong|em|code|div|span|br)\s*/?>)|</?[biusp]>|<\|[^|<>\n]{{1,40}}\|>|"
    r"</?(?:s|eos|bos|end_of_turn)>|```(?:json|text|txt|plaintext|markdown|md|python)?|"
    r"\\(?:boxed|fbox|text|textbf|textit|mathrm|mathbf|mathit|mathsf)\b|\\[()\[\]]"
)


@dataclass(frozen=True, slots=True)
class Container:
    """An answer that is set apart.

    Attributes:
        how: the kind of container: ``boxed``, ``answer tag`` or ``json``.
        start, end: the place of the content in the uniform text.
        decoded: the content where it is not simply the text at that place.
    """

    how: str
    start: int
    end: int
    decoded: str | None = None


def without_layout(text: str) -> str:
    """Replace tags, code fences and LaTeX commands by spaces; every other character stays put."""
    return _LAYOUT.sub(lambda match: " " * len(match.group()), text)


def containers(text: str, start: int) -> list[Container]:
    """Return the containers with any content from ``start`` on."""
    found = [*_tagged(text, start), *_boxed(text, start), *_json_values(text, start)]
    return [box for box in found if (box.decoded or text[box.start : box.end]).strip()]


def _tagged(text: str, start: int) -> Iterator[Container]:
    for pattern in (_TAGGED, _MODEL_BOX):
        for match in pattern.finditer(text, start):
            yield Container("answer tag", *match.span("content"))


def _boxed(text: str, start: int) -> Iterator[Container]:
    boxes = {match.end() for match in _BOXED.finditer(text, start)}
    if not boxes:
        return
    open_braces: list[int] = []
    for brace in re.finditer(r"[{}]", text[start:]):
        position = start + brace.start()
        if brace.group() == "{":
            open_braces.append(position)
        elif open_braces and (opened := open_braces.pop()) in boxes:
            yield Container("boxed", opened + 1, position)


def _json_values(text: str, start: int) -> Iterator[Container]:
    for match in _JSON_KEY.finditer(text, start):
        group = match.lastgroup or ""
        left, right = match.span(group)
        if group == "string":
            yield Container("json", left + 1, right - 1, _decoded(match["string"]))
        else:
            yield Container("json", left, right)


def _decoded(string: str) -> str | None:
    """Return the value of a JSON string with escapes, ``None`` where there is nothing to decode."""
    if "\\" not in string:
        return None
    try:
        value = json.loads(string, strict=False)
    except ValueError:
        return None
    return value if isinstance(value, str) else None
