"""MVP-N: a view that does not tell an object from its look-alikes; ask for another view."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from askfirst.errors import SampleError
from askfirst.scenarios.move import Move
from askfirst.scenarios.observation import Mode
from askfirst.scenarios.picture import fill_template
from askfirst.scenarios.sample import Fields, FrameTruth, Sample, common_fields
from askfirst.scenarios.scenario import Scenario, State


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSample(Sample):
    """A sequence of views of one object, the informative one last.

    Attributes:
        valid_images: The image that each turn shows (the first shows `first_image`).
    """

    valid_images: tuple[int, ...]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        fields = Fields(record)
        return cls(**common_fields(fields), valid_images=fields.integers("valid_images"))


class MultiView(Scenario[ViewSample, int]):
    """Each accepted suggestion shows the next view; the cursor counts views."""

    key = "MVP-N"
    title = "a view that does not tell look-alikes apart"
    moves = (Move.ROTATE,)
    hint = "Hint: rotating the object could provide a more informative view."
    acts_on_last_turn = False
    sample_type = ViewSample

    def start(self, sample: ViewSample) -> int:
        return 0

    def advance(self, sample: ViewSample, cursor: int, move: Move) -> int:
        return cursor + 1

    def restart(self, sample: ViewSample, cursor: int) -> ViewSample:
        """The views from the cursor on, then, instead of none, those before it."""
        order = (*range(cursor, sample.num_images), *range(cursor))
        views = (sample.first_image, *sample.valid_images[1:])
        truth = sample.truth and FrameTruth(
            evidence=tuple(sample.truth.evidence[turn] for turn in order),
            sufficient=tuple(sample.truth.sufficient[turn] for turn in order),
        )
        return replace(
            sample,
            first_image=views[cursor],
            valid_images=tuple(views[turn] for turn in order),
            truth=truth,
        )

    def path(self, sample: ViewSample, state: State[int], mode: Mode) -> str:
        if mode.reference:
            image = sample.reference_image
        else:
            image = sample.valid_images[state.cursor] if state.cursor else sample.first_image
        informative = mode.reference or self._is_last(sample, state)
        return fill_template(
            sample.image_template, informative=int(informative), image=f"{image:04d}"
        )

    def knowledge(
        self, sample: ViewSample, state: State[int], mode: Mode
    ) -> tuple[float, bool] | None:
        # Ground truth is aligned with the sequence of views, not with image numbers.
        if sample.truth is None:
            return None
        position = len(sample.truth.evidence) - 1 if mode.reference else state.cursor
        return sample.truth.evidence[position], sample.truth.sufficient[position]

    def check(self, sample: ViewSample) -> None:
        super().check(sample)
        if len(sample.valid_images) < sample.num_images:
            raise SampleError(
                f"MVP-N sample {sample.id}: {sample.num_images} turns need as many valid_images, "
                f"not {len(sample.valid_images)}"
            )
        if sample.truth and len(sample.truth.evidence) != sample.num_images:
            raise SampleError(f"MVP-N sample {sample.id}: evidence must have one entry a view")
