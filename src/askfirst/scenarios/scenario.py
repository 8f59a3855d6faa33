"""The rules that all scenarios share: a deterministic state machine over immutable states.

A scenario holds no state of its own. `start`, `observe` and `step` are pure functions of the
sample, the state and the mode; `environment.Environment` wraps them for whoever wants reset and
step.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from askfirst.errors import SampleError, UnknownChoice
from askfirst.scenarios.move import Move, move_of
from askfirst.scenarios.observation import Ending, Mode, Observation, Outcome
from askfirst.scenarios.option import Option, OptionKind
from askfirst.scenarios.picture import Picture, Resize, View
from askfirst.scenarios.sample import Sample, is_abstention

S = TypeVar("S", bound=Sample)
C = TypeVar("C", bound=Hashable)

VIDEO_CONTEXT = "This is a frame extracted from a video. Answer the following question."
SHORT_EDGE = 224  # pixels; protocol, "Two modes exist everywhere"


@dataclass(frozen=True, slots=True)
class State(Generic[C]):
    """Where an episode stands.

    Attributes:
        cursor: What the moves change: a frame index, a level, the extents of a crop.
        turn: 0-based number of the turn.
    """

    cursor: C
    turn: int = 0


class Scenario(ABC, Generic[S, C]):
    """One way in which a picture can show too little, and the suggestions that mend it.

    Type parameters: `S` the sample record, `C` the cursor that moves change.

    Class attributes:
        key: Short name as in the paper, such as "IN-C".
        title: What the scenario is about, in a few words.
        moves: Moves of this scenario, in the order in which keywords are looked for.
        hint: Sentence that a hinting protocol adds.
        context: Sentence that precedes every question.
        acts_on_last_turn: Whether a suggestion is still accepted on the last turn.
        sample_type: Class of the sample record.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    moves: ClassVar[tuple[Move, ...]]
    hint: ClassVar[str]
    context: ClassVar[str] = ""
    acts_on_last_turn: ClassVar[bool] = True
    sample_type: type[S]

    # What each scenario defines.

    @abstractmethod
    def start(self, sample: S) -> C:
        """The cursor of the first state."""

    @abstractmethod
    def advance(self, sample: S, cursor: C, move: Move) -> C:
        """The cursor after an accepted move."""

    @abstractmethod
    def path(self, sample: S, state: State[C], mode: Mode) -> str:
        """Path of the picture that a state shows."""

    @abstractmethod
    def restart(self, sample: S, cursor: C) -> S:
        """The same item with the same options, begun where the cursor stands."""

    # What most scenarios leave as it is.

    def horizon(self, sample: S) -> int:
        """Number of turns after which the episode ends: one for each frame."""
        return sample.num_images

    def offered(self, sample: S, cursor: C) -> tuple[str, ...]:
        """The suggestions and abstentions offered in a state, in stored order."""
        return sample.options

    def helps(self, sample: S, text: str) -> bool:
        """Whether an offered suggestion is one that this sample accepts."""
        return True

    def answerable(self, sample: S, state: State[C]) -> bool:
        """Whether the correct category is accepted in a state."""
        return True

    def frame(self, sample: S, cursor: C) -> int:
        """Index of a cursor in the sample's per-frame ground truth."""
        assert isinstance(cursor, int)
        return cursor

    def view(self, sample: S, cursor: C, mode: Mode) -> View:
        """The part or size of the picture that a state shows."""
        return Resize(SHORT_EDGE) if mode.resize else None

    def knowledge(self, sample: S, state: State[C], mode: Mode) -> tuple[float, bool] | None:
        """Evidence in [0, 1] and sufficiency of a state, None where the suite does not say."""
        if sample.truth is None:
            return None
        frame = sample.reference_image if mode.reference else self.frame(sample, state.cursor)
        if not 0 <= frame < len(sample.truth.evidence):
            raise SampleError(f"{self.key} sample {sample.id}: no ground truth for frame {frame}")
        return sample.truth.evidence[frame], sample.truth.sufficient[frame]

    def hint_for(self, sample: S) -> str:
        """The sentence that a hinting protocol adds for this sample."""
        return self.hint

    def question(self, sample: S, mode: Mode) -> str:
        """The question of a state."""
        return sample.prompt

    def check(self, sample: S) -> None:
        """Reject a sample that could not be played to its end.

        Raises:
            SampleError: What is wrong with it.
        """
        for text in sample.options:
            if not is_abstention(text) and self.helps(sample, text):
                self.move_of(sample, text)

    # What no scenario changes.

    def read(self, record: Mapping[str, Any]) -> S:
        """Read and check one sample record (protocol, "Sample record").

        Raises:
            SampleError: A field is missing, wrong, or would break an episode.
        """
        sample = self.sample_type.from_record(record)
        self.check(sample)
        return sample

    def move_of(self, sample: S, text: str) -> Move:
        """The move that a suggestion stands for.

        Raises:
            SampleError: No keyword of this scenario occurs in it.
        """
        move = move_of(text, self.moves)
        if move is None:
            raise SampleError(
                f"{self.key} sample {sample.id}: no move of this scenario can be read in {text!r}"
            )
        return move

    def observe(self, sample: S, state: State[C], mode: Mode) -> Observation:
        """What a player sees in a state."""
        known = self.knowledge(sample, state, mode)
        return Observation(
            picture=Picture(self.path(sample, state, mode), self.view(sample, state.cursor, mode)),
            question=self.question(sample, mode),
            context=self.context,
            hint=self.hint_for(sample),
            options=self._options(sample, state, mode),
            turn=state.turn,
            horizon=self.horizon(sample),
            evidence=known[0] if known else None,
            sufficient=known[1] if known else None,
        )

    def step(
        self, sample: S, state: State[C], choice: int | None, mode: Mode
    ) -> State[C] | Outcome:
        """The next state, or the end of the episode.

        Args:
            choice: Index into the options of the state's observation; None for a reply that
                names no option.

        Raises:
            UnknownChoice: The index is outside the options.
        """
        options = self._options(sample, state, mode)
        if choice is None:
            return self._end(sample, state, Ending.UNREADABLE)
        if not 0 <= choice < len(options):
            raise UnknownChoice(f"option {choice} of {len(options)} does not exist")
        option = options[choice]
        if option.kind is OptionKind.CATEGORY:
            ending = Ending.CORRECT if option.valid else Ending.WRONG_CATEGORY
            return self._end(sample, state, ending)
        if option.kind is OptionKind.ABSTAIN:
            return self._end(sample, state, Ending.ABSTAINED)
        if self._is_last(sample, state):
            return self._end(sample, state, Ending.EXHAUSTED)
        if not option.valid:
            return self._end(sample, state, Ending.INVALID_ACTION)
        move = self.move_of(sample, option.text)
        return State(self.advance(sample, state.cursor, move), state.turn + 1)

    def _options(self, sample: S, state: State[C], mode: Mode) -> tuple[Option, ...]:
        answerable = mode.reference or self.answerable(sample, state)
        categories = tuple(
            Option(text, OptionKind.CATEGORY, answerable and text == sample.answer)
            for text in sample.categories
        )
        if mode.reference:
            return categories
        acting = self.acts_on_last_turn or not self._is_last(sample, state)
        suggestions = tuple(
            Option(text, OptionKind.ABSTAIN, False)
            if is_abstention(text)
            else Option(text, OptionKind.ACTION, acting and self.helps(sample, text))
            for text in self.offered(sample, state.cursor)
        )
        return suggestions + categories

    def _is_last(self, sample: S, state: State[C]) -> bool:
        return state.turn + 1 >= self.horizon(sample)

    def _end(self, sample: S, state: State[C], ending: Ending) -> Outcome:
        return Outcome(ending, state.turn + 1, self._is_last(sample, state))
