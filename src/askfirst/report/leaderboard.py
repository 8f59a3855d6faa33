"""The leaderboard: a table a scope, a row a model, and for each number the episodes behind it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from askfirst.metrics.estimate import Estimate
from askfirst.metrics.measures import Measure
from askfirst.protocol.episode import EpisodeOutcome
from askfirst.providers.baseline import PROVIDER
from askfirst.report.numbers import interval_text, value_text
from askfirst.report.summary import MACRO, MICRO, Summary

MAIN = (
    "acc",
    "psr",
    "informedness",
    "ask_recall",
    "false_ask_rate",
    "pair_consistency",
    "efficiency",
    "parse_rate",
)
"""Keys of the measures that the page shows before it is asked for all of them."""

_MAIN_SAMPLES = {"twins": "no"}
_NEEDY = {"first": "insufficient", "outcome": "scored"}

BEHIND: dict[str, dict[str, str]] = {
    "acc": {**_MAIN_SAMPLES, "outcome": "right"},
    "psr": {**_MAIN_SAMPLES, "asked": "ever", "outcome": "scored"},
    "asks": {**_MAIN_SAMPLES, "asked": "ever", "outcome": "scored"},
    "chance_corrected": {**_MAIN_SAMPLES, "outcome": "right"},
    **{f"outcome.{o.value}": {**_MAIN_SAMPLES, "outcome": o.value} for o in EpisodeOutcome},
    "ask_rate": {**_MAIN_SAMPLES, "asked": "first", "outcome": "scored"},
    "ask_recall": {**_NEEDY, "asked": "first"},
    "ask_precision": {**_NEEDY, "asked": "first"},
    "ask_f1": {**_NEEDY, "asked": "first"},
    "false_ask_rate": {"first": "sufficient", "asked": "first", "outcome": "scored"},
    "pair_consistency": {"twins": "yes", "outcome": "correct_now"},
    "action_relevance": {**_MAIN_SAMPLES, "asked": "first", "outcome": "scored"},
    "persistence": {**_MAIN_SAMPLES, **_NEEDY, "asked": "needlessly"},
    "repetition_turn": {**_MAIN_SAMPLES, **_NEEDY, "asked": "needlessly"},
    "accuracy_no_help": {"first": "insufficient", "outcome": "correct_now"},
    "accuracy_full": {"first": "sufficient", "outcome": "right"},
    "accuracy_asking": {"first": "insufficient", "outcome": "right"},
    "gap_closed": _NEEDY,
    "efficiency": {"first": "insufficient", "outcome": "right"},
    "over_confidence": {"first": "insufficient", "outcome": "wrong"},
    "under_confidence": {"asked": "needlessly", "outcome": "scored"},
    "parser_disagreement": {"parsers": "differ"},
    "parser_shift": {"parsers": "differ"},
}
"""The film strips behind a measure, as filters of the page: what its numerator counts, or the
narrowest filter around it. All of the model's episodes for a measure that is not named."""

SCOPE_TITLES = {MACRO: "macro average", MICRO: "micro average"}
SCOPE_CAPTIONS = {
    MACRO: "Macro average: unweighted mean of the scenarios.",
    MICRO: "Micro average: all episodes pooled.",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the leaderboard.

    Attributes:
        estimate: The number and what is known about it.
        value, interval: The same for people; `interval` is "" where there is none.
        href: Address, within the page, of the episodes behind it.
        more: Whether it is shown only with all measures.
    """

    estimate: Estimate
    value: str
    interval: str
    href: str
    more: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A model in the leaderboard.

    Attributes:
        model: Its name.
        baseline: Whether it is a player without eyes.
        episodes, errors: Number of its episodes, and how many of them an error ended.
        href: Address, within the page, of its episodes.
        cells: One a column.
    """

    model: str
    baseline: bool
    episodes: int
    errors: int
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The leaderboard over one scope.

    Attributes:
        scope: `macro`, `micro` or a scenario's key.
        title, caption: The scope for people, in a word and in a sentence.
        columns: The measures.
        rows: The models that played in the scope.
    """

    scope: str
    title: str
    caption: str
    columns: tuple[Measure, ...]
    rows: tuple[Row, ...]


def is_baseline(model: str) -> bool:
    """Whether a model is one of the players without eyes."""
    return model.startswith(f"{PROVIDER}/")


def leaderboards(summary: Summary) -> tuple[Table, ...]:
    """The leaderboard over every scope, in the order of `Summary.scopes`."""
    columns = summary.defined
    return tuple(
        Table(
            scope,
            SCOPE_TITLES.get(scope, scope),
            SCOPE_CAPTIONS.get(scope, f"Scenario {scope}."),
            columns,
            _rows(summary, scope, columns),
        )
        for scope in summary.scopes
    )


def episodes_address(**wanted: str) -> str:
    """Address, within the page, of the film strips that a filter lets through."""
    return f"#episodes?{urlencode(wanted)}"


def _rows(summary: Summary, scope: str, columns: tuple[Measure, ...]) -> tuple[Row, ...]:
    return tuple(
        _row(summary, scope, model, columns)
        for model in summary.run.models
        if summary.estimates(scope, model)
    )


def _row(summary: Summary, scope: str, model: str, columns: tuple[Measure, ...]) -> Row:
    estimates = summary.estimates(scope, model)
    where = {"model": model} if scope in SCOPE_TITLES else {"model": model, "scenario": scope}
    groups = summary.run.groups(model)
    played = [
        episode
        for key, group in groups.items()
        if scope in (MACRO, MICRO, key)
        for episode in group
    ]
    return Row(
        model=model,
        baseline=is_baseline(model),
        episodes=len(played),
        errors=sum(episode.failed for episode in played),
        href=episodes_address(**where),
        cells=tuple(_cell(estimates[column.key], column, where) for column in columns),
    )


def _cell(estimate: Estimate, column: Measure, where: dict[str, str]) -> Cell:
    return Cell(
        estimate=estimate,
        value=value_text(estimate, column.unit),
        interval=interval_text(estimate, column.unit),
        href=episodes_address(**where, **BEHIND.get(column.key, {})),
        more=column.key not in MAIN,
    )
