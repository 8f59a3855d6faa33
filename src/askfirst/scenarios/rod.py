"""ROD: an object behind a block; ask for the block to be moved."""

from dataclasses import dataclass, replace

from askfirst.scenarios.move import Move
from askfirst.scenarios.observation import Mode
from askfirst.scenarios.picture import fill_template
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.scenario import Scenario, State

MISSING = "natural_bluebl_greenr-banana-s6"
"""The one picture that the published data lacks (protocol, "How each environment moves")."""


@dataclass(frozen=True, slots=True)
class BlockPosition:
    """Where the block stands.

    Attributes:
        index: Position of the block, 0 … num_images − 1, on a ring.
        came_by: The move that led here, `STOP` at the start.
    """

    index: int
    came_by: Move = Move.STOP


class RealisticOcclusion(Scenario[Sample, BlockPosition]):
    """The block moves one position left or right, around a ring of positions.

    Where nothing can be seen, naming the right category is luck, so the first turn accepts none,
    unless the suite's ground truth says that the start is already sufficient.
    """

    key = "ROD"
    title = "an object hidden behind a block"
    moves = (Move.LEFT, Move.RIGHT)
    hint = "Hint: moving the occluding object might reveal what is behind it."
    sample_type = Sample

    def start(self, sample: Sample) -> BlockPosition:
        return BlockPosition(sample.first_image)

    def advance(self, sample: Sample, cursor: BlockPosition, move: Move) -> BlockPosition:
        step = -1 if move is Move.LEFT else 1
        return BlockPosition((cursor.index + step) % sample.num_images, move)

    def restart(self, sample: Sample, cursor: BlockPosition) -> Sample:
        return replace(sample, first_image=cursor.index)

    def frame(self, sample: Sample, cursor: BlockPosition) -> int:
        return cursor.index

    def path(self, sample: Sample, state: State[BlockPosition], mode: Mode) -> str:
        image = sample.reference_image if mode.reference else state.cursor.index
        path = fill_template(sample.image_template, image=image)
        stand_in = MISSING[:-1] + ("5" if state.cursor.came_by is Move.LEFT else "7")
        return path.replace(MISSING, stand_in)

    def answerable(self, sample: Sample, state: State[BlockPosition]) -> bool:
        known = sample.truth is not None and sample.truth.sufficient[state.cursor.index]
        return state.turn > 0 or known

    def question(self, sample: Sample, mode: Mode) -> str:
        return "What type of object is in the image?" if mode.reference else sample.prompt
