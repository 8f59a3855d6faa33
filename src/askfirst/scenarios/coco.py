"""COCO: a crop too tight or beside the object; ask for the camera to be moved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from askfirst.errors import SampleError
from askfirst.scenarios.move import Move
from askfirst.scenarios.observation import Mode
from askfirst.scenarios.picture import Crop, View, fill_template
from askfirst.scenarios.sample import Fields, Sample, common_fields, is_abstention
from askfirst.scenarios.scenario import Scenario, State

DIRECTIONS: dict[str, tuple[Move, ...]] = {
    "left": (Move.LEFT,),
    "right": (Move.RIGHT,),
    "up": (Move.UP,),
    "down": (Move.DOWN,),
    "up_left": (Move.UP, Move.LEFT),
    "up_right": (Move.UP, Move.RIGHT),
    "down_left": (Move.DOWN, Move.LEFT),
    "down_right": (Move.DOWN, Move.RIGHT),
    "zoom": (Move.ZOOM,),
}
"""The moves that each direction of a sample accepts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CropTruth:
    """Where the object is, and how much of it a crop must show.

    Attributes:
        box: Left, top, right and bottom edge of the object, in pixels of the whole picture.
        sufficient_at: Share in (0, 1] of the box from which on a person could answer.
    """

    box: tuple[float, float, float, float]
    sufficient_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CropSample(Sample):
    """A crop and the way it grows.

    Attributes:
        direction: One of `DIRECTIONS`.
        granularity: Number of steps after which an axis has grown fully.
        horizontal_step, vertical_step: Pixels that an accepted move adds on its axis.
        crop: The start rectangle in pixels of the whole picture. The record's `width` and `height`
            are its right and bottom edges, for zoom counted from `left` and `top` (protocol).
        crop_truth: The object's box, where the suite knows it.
    """

    direction: str
    granularity: int
    horizontal_step: float
    vertical_step: float
    crop: Crop
    crop_truth: CropTruth | None = None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        fields = Fields(record)
        direction = fields.text("direction")
        if direction not in DIRECTIONS:
            raise fields.error(f"'direction' must be one of {', '.join(DIRECTIONS)}")
        return cls(
            **common_fields(fields),
            direction=direction,
            granularity=fields.integer("granularity", minimum=1),
            horizontal_step=fields.number("horizontal_step"),
            vertical_step=fields.number("vertical_step"),
            crop=Crop(*fields.numbers_of("crop", ("left", "top", "width", "height"))),
            crop_truth=_crop_truth(fields),
        )


def _crop_truth(fields: Fields) -> CropTruth | None:
    if not fields.has("box"):
        return None
    left, top, right, bottom = fields.box("box")
    if right <= left or bottom <= top:
        raise fields.error("'box' must be [left, top, right, bottom] with an area")
    return CropTruth(box=(left, top, right, bottom), sufficient_at=fields.number("sufficient_at"))


@dataclass(frozen=True, slots=True)
class Extents:
    """How far the crop has grown, in pixels; it starts with one step on each axis."""

    horizontal: float
    vertical: float


class MovingCamera(Scenario[CropSample, Extents]):
    """Each accepted move lets the crop grow by one step towards where the camera went."""

    key = "COCO"
    title = "a crop that misses the object"
    moves = (Move.LEFT, Move.RIGHT, Move.UP, Move.DOWN, Move.ZOOM)
    hint = "Hint: moving the camera could help with classification."
    zoom_hint = "Hint: zooming out could help with classification."
    sample_type = CropSample

    def horizon(self, sample: CropSample) -> int:
        if sample.direction == "zoom":
            return sample.granularity + 1
        return sample.granularity * len(DIRECTIONS[sample.direction])

    def hint_for(self, sample: CropSample) -> str:
        return self.zoom_hint if sample.direction == "zoom" else self.hint

    def start(self, sample: CropSample) -> Extents:
        return Extents(sample.horizontal_step, sample.vertical_step)

    def advance(self, sample: CropSample, cursor: Extents, move: Move) -> Extents:
        across = sample.horizontal_step if move in (Move.LEFT, Move.RIGHT, Move.ZOOM) else 0
        along = sample.vertical_step if move in (Move.UP, Move.DOWN, Move.ZOOM) else 0
        return Extents(cursor.horizontal + across, cursor.vertical + along)

    def restart(self, sample: CropSample, cursor: Extents) -> CropSample:
        """The crop as grown so far; each axis can grow once more at least, to be offered at all."""
        grown = self._crop(sample, cursor)
        one_step = Extents(sample.horizontal_step, sample.vertical_step)
        unit = replace(sample, crop=Crop(0, 0, 0, 0))
        margin = self._crop(unit, one_step)
        start = Crop(
            grown.left - margin.left,
            grown.top - margin.top,
            grown.right - margin.right,
            grown.bottom - margin.bottom,
        )
        if sample.direction == "zoom":  # right and bottom are counted from left and top there
            start = replace(start, right=start.right - start.left, bottom=start.bottom - start.top)
        moved = max(
            (cursor.horizontal - sample.horizontal_step) / (sample.horizontal_step or 1),
            (cursor.vertical - sample.vertical_step) / (sample.vertical_step or 1),
        )
        return replace(sample, crop=start, granularity=max(2, sample.granularity - round(moved)))

    def helps(self, sample: CropSample, text: str) -> bool:
        return self.move_of(sample, text) in DIRECTIONS[sample.direction]

    def offered(self, sample: CropSample, cursor: Extents) -> tuple[str, ...]:
        return tuple(
            text
            for text in sample.options
            if is_abstention(text) or not self._spent(sample, cursor, self.move_of(sample, text))
        )

    def _spent(self, sample: CropSample, cursor: Extents, move: Move) -> bool:
        """Whether the axis of a move has grown as far as it may."""
        if move is Move.ZOOM:
            return cursor.horizontal >= (sample.granularity + 1) * sample.horizontal_step
        if move in (Move.LEFT, Move.RIGHT):
            return cursor.horizontal >= sample.granularity * sample.horizontal_step
        return cursor.vertical >= sample.granularity * sample.vertical_step

    def path(self, sample: CropSample, state: State[Extents], mode: Mode) -> str:
        return fill_template(sample.image_template, image=sample.first_image)

    def view(self, sample: CropSample, cursor: Extents, mode: Mode) -> View:
        return None if mode.reference else self._crop(sample, cursor)

    def _crop(self, sample: CropSample, cursor: Extents) -> Crop:
        start, moves = sample.crop, DIRECTIONS[sample.direction]
        zoom = Move.ZOOM in moves
        return Crop(
            left=start.left - cursor.horizontal * (zoom or Move.LEFT in moves),
            top=start.top - cursor.vertical * (zoom or Move.UP in moves),
            right=start.right
            + cursor.horizontal * (zoom or Move.RIGHT in moves)
            + start.left * zoom,
            bottom=start.bottom + cursor.vertical * (zoom or Move.DOWN in moves) + start.top * zoom,
        )

    def knowledge(
        self, sample: CropSample, state: State[Extents], mode: Mode
    ) -> tuple[float, bool] | None:
        truth = sample.crop_truth
        if truth is None:
            return None
        if mode.reference:
            return 1.0, True
        evidence = self._crop(sample, state.cursor).share_of(truth.box)
        return evidence, evidence >= truth.sufficient_at

    def check(self, sample: CropSample) -> None:
        super().check(sample)
        if sample.horizontal_step < 0 or sample.vertical_step < 0:
            raise SampleError(f"COCO sample {sample.id}: a step must not be negative")
