"""IN-C: a photograph of poor quality; ask for the enhancement that fits what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from askfirst.errors import SampleError
from askfirst.scenarios.move import Move
from askfirst.scenarios.observation import Mode
from askfirst.scenarios.picture import fill_template
from askfirst.scenarios.sample import Fields, Sample, common_fields
from askfirst.scenarios.scenario import Scenario, State


@dataclass(frozen=True, slots=True, kw_only=True)
class CorruptedSample(Sample):
    """A photograph at several severities of one corruption.

    Attributes:
        quality_answer: The one enhancement, of those in `options`, that fits the corruption.
    """

    quality_answer: str

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        fields = Fields(record)
        return cls(**common_fields(fields), quality_answer=fields.text("quality_answer"))


class CorruptedPhotograph(Scenario[CorruptedSample, int]):
    """The fitting enhancement lowers the severity by one; any other ends the episode."""

    key = "IN-C"
    title = "a photograph of poor quality"
    moves = (
        Move.BRIGHTNESS,
        Move.CONTRAST,
        Move.SATURATION,
        Move.DEBLUR,
        Move.DENOISE,
        Move.COMPRESSION,
        Move.RESOLUTION,
        Move.ARTIFACTS,
    )
    hint = "Hint: enhancing the image quality could help with classification."
    acts_on_last_turn = False
    sample_type = CorruptedSample

    def start(self, sample: CorruptedSample) -> int:
        return sample.first_image

    def advance(self, sample: CorruptedSample, cursor: int, move: Move) -> int:
        return cursor - 1

    def restart(self, sample: CorruptedSample, cursor: int) -> CorruptedSample:
        return replace(sample, first_image=cursor, num_images=cursor + 1)

    def helps(self, sample: CorruptedSample, text: str) -> bool:
        return text == sample.quality_answer

    def path(self, sample: CorruptedSample, state: State[int], mode: Mode) -> str:
        level = sample.reference_image if mode.reference else state.cursor
        return fill_template(sample.image_template, level=level)

    def check(self, sample: CorruptedSample) -> None:
        super().check(sample)
        if sample.quality_answer not in sample.options:
            raise SampleError(f"IN-C sample {sample.id}: its quality_answer is not offered")
        if sample.first_image - (sample.num_images - 1) < 0:
            raise SampleError(
                f"IN-C sample {sample.id}: {sample.num_images} turns from level "
                f"{sample.first_image} would pass below level 0"
            )
