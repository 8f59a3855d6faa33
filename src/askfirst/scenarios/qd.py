"""QD: the first strokes of a drawing; ask for more of it."""

from dataclasses import replace

from askfirst.errors import SampleError
from askfirst.scenarios.move import Move
from askfirst.scenarios.observation import Mode
from askfirst.scenarios.picture import fill_template
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.scenario import Scenario, State


class QuickDrawing(Scenario[Sample, int]):
    """Each accepted suggestion adds a stroke."""

    key = "QD"
    title = "a drawing that has hardly begun"
    moves = (Move.DETAILS,)
    hint = "Hint: Adding more details to the quickdraw could help with classification."
    acts_on_last_turn = False
    sample_type = Sample

    def start(self, sample: Sample) -> int:
        return sample.first_image

    def advance(self, sample: Sample, cursor: int, move: Move) -> int:
        return cursor + 1

    def restart(self, sample: Sample, cursor: int) -> Sample:
        drawn = cursor - sample.first_image
        return replace(sample, first_image=cursor, num_images=sample.num_images - drawn)

    def path(self, sample: Sample, state: State[int], mode: Mode) -> str:
        image = sample.reference_image if mode.reference else state.cursor
        return fill_template(sample.image_template, image=f"{image:04d}")

    def check(self, sample: Sample) -> None:
        super().check(sample)
        last = sample.first_image + sample.num_images - 1
        if sample.truth and last >= len(sample.truth.evidence):
            raise SampleError(
                f"QD sample {sample.id}: evidence has {len(sample.truth.evidence)} entries, but "
                f"the episode can reach drawing {last}"
            )
