"""Sample records: the published fields, checked, and the ground truth a suite may add."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from askfirst.errors import SampleError


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameTruth:
    """Ground truth of a sample, one entry a frame.

    Attributes:
        evidence: Share in [0, 1] of what matters that each frame shows.
        sufficient: Whether a person could answer from each frame.
    """

    evidence: tuple[float, ...]
    sufficient: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The fields that every scenario's record has (protocol, "Sample record").

    Attributes:
        id: Number of the sample, unique within its scenario.
        image_template: Relative path with `{…}` slots that the scenario fills.
        first_image: Frame of the first state.
        num_images: Number of frames.
        reference_image: The frame in which the answer can be seen.
        prompt: The question.
        options: Suggestions and abstentions, in the order they are shown.
        categories: Possible answers, in the order they are shown.
        answer: The correct one of `categories`.
        cluster: What samples share that makes them dependent (scene, object, photograph).
        twin_of: Id of the insufficient sample whose answerable twin this is.
        truth: Per-frame ground truth, where the suite knows it.
    """

    id: int
    image_template: str
    first_image: int
    num_images: int
    reference_image: int
    prompt: str
    options: tuple[str, ...]
    categories: tuple[str, ...]
    answer: str
    cluster: str
    twin_of: int | None = None
    truth: FrameTruth | None = None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read one JSON object.

        Raises:
            SampleError: A field is missing, of the wrong type or inconsistent with another.
        """
        return cls(**common_fields(Fields(record)))


class Fields:
    """Typed access to one JSON object, with errors that name the sample and the field."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self._record = record
        self._name = f"sample {record.get('id', '?')}"

    def error(self, message: str) -> SampleError:
        """An error about this record."""
        return SampleError(f"{self._name}: {message}")

    def has(self, key: str) -> bool:
        """Whether the record gives a value for `key`."""
        return self._record.get(key) is not None

    def _get(self, key: str) -> Any:
        if key not in self._record:
            raise self.error(f"field {key!r} is missing")
        return self._record[key]

    def integer(self, key: str, minimum: int = 0) -> int:
        """A whole number of at least `minimum`."""
        value = self._get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
            raise self.error(f"{key!r} must be a whole number ≥ {minimum}, not {value!r}")
        return value

    def number(self, key: str) -> float:
        """A finite number."""
        value = self._get(key)
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or not math.isfinite(value)
        ):
            raise self.error(f"{key!r} must be a finite number, not {value!r}")
        return value

    def text(self, key: str) -> str:
        """A string with something in it."""
        value = self._get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key!r} must be a non-empty text, not {value!r}")
        return value

    def _list(self, key: str) -> Sequence[Any]:
        value = self._get(key)
        if not isinstance(value, list):
            raise self.error(f"{key!r} must be a list, not {value!r}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of non-empty strings."""
        values = self._list(key)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.error(f"{key!r} must be a list of non-empty texts, not {values!r}")
        return tuple(values)

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        values = self._list(key)
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            raise self.error(f"{key!r} must be a list of whole numbers, not {values!r}")
        return tuple(values)

    def shares(self, key: str) -> tuple[float, ...]:
        """A list of numbers in [0, 1]."""
        values = self._list(key)
        if not all(
            isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
            for value in values
        ):
            raise self.error(f"{key!r} must be a list of numbers between 0 and 1")
        return tuple(float(value) for value in values)

    def flags(self, key: str) -> tuple[bool, ...]:
        """A list of booleans."""
        values = self._list(key)
        if not all(isinstance(value, bool) for value in values):
            raise self.error(f"{key!r} must be a list of true and false")
        return tuple(values)

    def flag(self, key: str) -> bool:
        """A boolean."""
        value = self._get(key)
        if not isinstance(value, bool):
            raise self.error(f"{key!r} must be true or false, not {value!r}")
        return value

    def numbers_of(self, key: str, names: Sequence[str]) -> tuple[float, ...]:
        """The named finite numbers of a nested object."""
        value = self._get(key)
        if not isinstance(value, Mapping):
            raise self.error(f"{key!r} must be an object with {', '.join(names)}")
        nested = Fields({**value, "id": self._record.get("id", "?")})
        return tuple(nested.number(name) for name in names)

    def box(self, key: str) -> tuple[float, float, float, float]:
        """Four finite numbers: left, top, right and bottom edge."""
        values = self._list(key)
        if len(values) != 4:
            raise self.error(f"{key!r} must be [left, top, right, bottom]")
        nested = Fields(
            {"id": self._record.get("id", "?"), **dict(zip("ltrb", values, strict=True))}
        )
        return nested.number("l"), nested.number("t"), nested.number("r"), nested.number("b")


def common_fields(fields: Fields) -> dict[str, Any]:
    """The constructor arguments of `Sample` from a record."""
    sample_id = fields.integer("id")
    categories = fields.texts("categories")
    answer = fields.text("answer")
    if answer not in categories:
        raise fields.error(f"the answer {answer!r} is not one of its categories")
    return {
        "id": sample_id,
        "image_template": fields.text("image_template"),
        "first_image": fields.integer("first_image"),
        "num_images": fields.integer("num_images", minimum=1),
        "reference_image": fields.integer("reference_image"),
        "prompt": fields.text("prompt"),
        "options": fields.texts("options"),
        "categories": categories,
        "answer": answer,
        "cluster": fields.text("cluster") if fields.has("cluster") else str(sample_id),
        "twin_of": fields.integer("twin_of") if fields.has("twin_of") else None,
        "truth": frame_truth(fields),
    }


def frame_truth(fields: Fields) -> FrameTruth | None:
    """The per-frame ground truth of a record, None where it has none."""
    if not fields.has("evidence"):
        return None
    evidence, sufficient = fields.shares("evidence"), fields.flags("sufficient")
    if len(evidence) != len(sufficient):
        raise fields.error("'evidence' and 'sufficient' must have one entry a frame each")
    return FrameTruth(evidence=evidence, sufficient=sufficient)


def is_abstention(text: str) -> bool:
    """Whether an option abstains: its lower-cased text holds "cannot" or "do not" (protocol)."""
    lowered = text.lower()
    return "cannot" in lowered or "do not" in lowered
