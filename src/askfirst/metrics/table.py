"""Episodes as one table of columns, made once; every measure is computed from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askfirst.protocol.episode import Episode, EpisodeOutcome, Turn
from askfirst.scenarios.option import OptionKind

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

OUTCOMES: tuple[EpisodeOutcome, ...] = tuple(EpisodeOutcome)
"""The nine outcomes in the order of their codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeTable:
    """One row an episode; all arrays have the same length.

    Attributes:
        cluster: Code of the cluster, 0 … clusters − 1. A twin is in the cluster of its original;
            clusters of different scenarios are different.
        original: Row of the insufficient sample whose twin this is; −1 for none.
        twin: Whether the sample is an answerable twin.
        outcome: Index into `OUTCOMES`.
        played: Whether the episode ended by the rules rather than by an error.
        insufficient, sufficient: What is known of the first state (y = 1, y = 0); both false where
            nothing is.
        may_ask: Whether the first state offered a suggestion.
        asked: Whether the first choice was a suggestion (a = 1).
        asked_valid: Whether that suggestion was an accepted one.
        relevance_known: Whether the first state offered accepted and other suggestions.
        answered: Whether the first choice was a category.
        asks: Number of suggestions made, the last turn included.
        turns: Number of turns.
        shortest: Fewest suggestions after which the question can be answered; nan if unknown.
        ended_insufficient: Whether the last state shown was insufficient.
        saw_sufficient: Whether some state shown was sufficient and offered a suggestion.
        asked_sufficient: Whether the model asked in one.
        became_sufficient: Whether asking led from insufficient states to such a one.
        asked_again: Whether the model asked in the first such state.
        repetition_turn: Turn, from 1, of the first ask in a state that asks had made sufficient;
            nan without one.
        chance: Probability that a uniform player who ends in the last state is right there.
        turns_read: Number of turns whose reply named an option.
        turns_twice_read: Number of turns read by more than one parser.
        turns_disagreed: Number of them on which the parsers differ.
        other_unknown: Whether the other parser would have led where the episode did not go.
        other_correct: Whether the episode would have been right under the other parser.
    """

    cluster: Codes
    original: Codes
    twin: Flags
    outcome: Codes
    played: Flags
    insufficient: Flags
    sufficient: Flags
    may_ask: Flags
    asked: Flags
    asked_valid: Flags
    relevance_known: Flags
    answered: Flags
    asks: Array
    turns: Array
    shortest: Array
    ended_insufficient: Flags
    saw_sufficient: Flags
    asked_sufficient: Flags
    became_sufficient: Flags
    asked_again: Flags
    repetition_turn: Array
    chance: Array
    turns_read: Array
    turns_twice_read: Array
    turns_disagreed: Array
    other_unknown: Flags
    other_correct: Flags

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return int(self.cluster.max()) + 1 if len(self.cluster) else 0

    def ended(self, *outcomes: EpisodeOutcome) -> Flags:
        """Whether each episode ended in one of these outcomes."""
        return np.isin(self.outcome, [OUTCOMES.index(outcome) for outcome in outcomes])

    @property
    def correct(self) -> Flags:
        """Whether each episode ended in the correct category."""
        return self.ended(EpisodeOutcome.CORRECT_NOW, EpisodeOutcome.CORRECT_AFTER_ASKING)

    @property
    def wrong(self) -> Flags:
        """Whether each episode ended in a wrong category."""
        return self.ended(EpisodeOutcome.WRONG_NOW, EpisodeOutcome.WRONG_AFTER_ASKING)

    @property
    def main(self) -> Flags:
        """The played samples of the benchmark itself, twins left out."""
        return self.played & ~self.twin


def episode_table(episodes: Sequence[Episode]) -> EpisodeTable:
    """The table of episodes of one model, in their order."""
    rows = {(e.scenario, e.sample): row for row, e in enumerate(episodes) if e.twin_of is None}
    original = [_original(episode, rows) for episode in episodes]
    names = [
        (e.scenario, (episodes[row] if row >= 0 else e).cluster)
        for e, row in zip(episodes, original, strict=True)
    ]
    codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
    facts = [_facts(episode) for episode in episodes]
    columns: dict[str, Any] = {
        name: np.array([row[name] for row in facts], dtype=kind) for name, kind in _FACTS.items()
    }
    return EpisodeTable(
        cluster=np.array([codes[name] for name in names], dtype=np.int64),
        original=np.array(original, dtype=np.int64),
        **columns,
    )


def _original(episode: Episode, rows: Mapping[tuple[str, int], int]) -> int:
    return -1 if episode.twin_of is None else rows.get((episode.scenario, episode.twin_of), -1)


_FACTS: dict[str, type] = {
    "twin": bool,
    "outcome": np.int64,
    "played": bool,
    "insufficient": bool,
    "sufficient": bool,
    "may_ask": bool,
    "asked": bool,
    "asked_valid": bool,
    "relevance_known": bool,
    "answered": bool,
    "asks": float,
    "turns": float,
    "shortest": float,
    "ended_insufficient": bool,
    "saw_sufficient": bool,
    "asked_sufficient": bool,
    "became_sufficient": bool,
    "asked_again": bool,
    "repetition_turn": float,
    "chance": float,
    "turns_read": float,
    "turns_twice_read": float,
    "turns_disagreed": float,
    "other_unknown": bool,
    "other_correct": bool,
}


def _facts(episode: Episode) -> dict[str, object]:
    """One row of the table. An episode without a turn has a row of zeros."""
    facts: dict[str, object] = {
        **dict.fromkeys(_FACTS, 0),
        "twin": episode.twin_of is not None,
        "outcome": OUTCOMES.index(episode.outcome),
        "played": not episode.failed and bool(episode.turns),
        "shortest": np.nan if episode.shortest is None else episode.shortest,
        "repetition_turn": np.nan,
        "turns": episode.num_turns,
    }
    if episode.turns:
        facts |= _first_choice(episode.turns[0])
        facts |= _asking(episode.turns)
        facts |= _readings(episode)
        facts["chance"] = _chance(episode)
    return facts


def _first_choice(turn: Turn) -> dict[str, object]:
    chosen = None if turn.choice is None else turn.options[turn.choice]
    offered = _offered(turn)
    return {
        "insufficient": turn.sufficient is False,
        "sufficient": turn.sufficient is True,
        "may_ask": bool(offered),
        "asked": turn.asked,
        "asked_valid": turn.asked and chosen is not None and chosen.valid,
        "relevance_known": len(offered) == 2,
        "answered": chosen is not None and chosen.kind is OptionKind.CATEGORY,
    }


def _offered(turn: Turn) -> set[bool]:
    """Whether the suggestions on offer are accepted; empty where there are none."""
    return {option.valid for option in turn.options if option.kind is OptionKind.ACTION}


def _asking(turns: Sequence[Turn]) -> dict[str, object]:
    """What the model did in states that were, or that its asks had made, sufficient."""
    # Where no suggestion is on offer, not asking shows nothing: a camera that can go no farther.
    suffice = [i for i, turn in enumerate(turns) if turn.sufficient and _offered(turn)]
    reached = suffice if turns[0].sufficient is False else []
    repeated = [i for i in reached if turns[i].asked]
    return {
        "asks": sum(turn.asked for turn in turns),
        "ended_insufficient": turns[-1].sufficient is False,
        "saw_sufficient": bool(suffice),
        "asked_sufficient": any(turns[i].asked for i in suffice),
        "became_sufficient": bool(reached),
        "asked_again": bool(reached) and turns[reached[0]].asked,
        "repetition_turn": repeated[0] + 1 if repeated else np.nan,
    }


def _readings(episode: Episode) -> dict[str, object]:
    """How the replies were read, and where the other parser would have led."""
    indices = [{reading.index for reading in turn.readings.values()} for turn in episode.turns]
    facts: dict[str, object] = {
        "turns_read": sum(turn.choice is not None for turn in episode.turns),
        "turns_twice_read": sum(len(turn.readings) > 1 for turn in episode.turns),
        "turns_disagreed": sum(len(found) > 1 for found in indices),
        "other_unknown": False,
        "other_correct": episode.correct,
    }
    for number, (turn, found) in enumerate(zip(episode.turns, indices, strict=True), start=1):
        others = found - {turn.choice}
        if others:
            return facts | _elsewhere(turn, others.pop(), last=number >= episode.horizon)
    return facts


def _elsewhere(turn: Turn, choice: int | None, last: bool) -> dict[str, object]:
    """What follows from the other choice, at the first turn on which two parsers differ."""
    option = None if choice is None else turn.options[choice]
    right = option is not None and option.kind is OptionKind.CATEGORY and option.valid
    moves = option is not None and option.kind is OptionKind.ACTION and option.valid and not last
    return {"other_correct": right, "other_unknown": moves}


def _chance(episode: Episode) -> float:
    """Right options over options that end the episode, in the last state shown."""
    options = episode.turns[-1].options
    right = sum(o.valid for o in options if o.kind is OptionKind.CATEGORY)
    moving = sum(o.valid for o in options if o.kind is OptionKind.ACTION)
    ending = len(options) - (0 if episode.num_turns >= episode.horizon else moving)
    return right / ending if ending else 0.0
