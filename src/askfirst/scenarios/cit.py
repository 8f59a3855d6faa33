"""CIT: a tutorial that has not come to the point; ask for another moment of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from askfirst.scenarios.move import Move
from askfirst.scenarios.observation import Mode
from askfirst.scenarios.picture import fill_template
from askfirst.scenarios.sample import Fields, Sample, common_fields, is_abstention
from askfirst.scenarios.scenario import VIDEO_CONTEXT, Scenario, State


@dataclass(frozen=True, slots=True, kw_only=True)
class TutorialSample(Sample):
    """A film of a change of state.

    Attributes:
        step_size: Frames that one move skips.
        max_steps: Number of turns after which the episode ends.
    """

    step_size: int
    max_steps: int

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        fields = Fields(record)
        return cls(
            **common_fields(fields),
            step_size=fields.integer("step_size", minimum=1),
            max_steps=fields.integer("max_steps", minimum=1),
        )


class TutorialVideo(Scenario[TutorialSample, int]):
    """Rewinding and waiting move `step_size` frames, and are offered only inside the film.

    The released rules look at rewinding first and take away at most one of the two; on a film too
    short for either they stop with an assertion. Here neither is offered then.
    """

    key = "CIT"
    title = "a tutorial before its telling moment"
    moves = (Move.REWIND, Move.FORWARD)
    hint = (
        "Hint: If you cannot answer the question, waiting for it to appear or rewinding the video "
        "could help with classification."
    )
    context = VIDEO_CONTEXT
    sample_type = TutorialSample

    def horizon(self, sample: TutorialSample) -> int:
        return sample.max_steps

    def start(self, sample: TutorialSample) -> int:
        return sample.first_image

    def advance(self, sample: TutorialSample, cursor: int, move: Move) -> int:
        return cursor + (sample.step_size if move is Move.FORWARD else -sample.step_size)

    def restart(self, sample: TutorialSample, cursor: int) -> TutorialSample:
        return replace(sample, first_image=cursor)

    def offered(self, sample: TutorialSample, cursor: int) -> tuple[str, ...]:
        return tuple(
            text
            for text in sample.options
            if is_abstention(text)
            or 0 <= self.advance(sample, cursor, self.move_of(sample, text)) < sample.num_images
        )

    def path(self, sample: TutorialSample, state: State[int], mode: Mode) -> str:
        image = sample.reference_image if mode.reference else state.cursor
        return fill_template(sample.image_template, image=image)
