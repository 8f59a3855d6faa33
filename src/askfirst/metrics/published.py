"""The measures of the paper, and the shares of the nine outcomes (protocol, "What is measured")."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from askfirst.protocol.episode import Episode, EpisodeOutcome

OUTCOMES = tuple(EpisodeOutcome)


def scored(episodes: Sequence[Episode]) -> list[Episode]:
    """The episodes that ended by the rules; those that an error ended say nothing of a model."""
    return [episode for episode in episodes if not episode.failed]


def acc(episodes: Sequence[Episode]) -> float | None:
    """Percent of scored episodes that end in the correct category; None without any."""
    played = scored(episodes)
    return 100 * fmean(episode.correct for episode in played) if played else None


def psr(episodes: Sequence[Episode]) -> float | None:
    """Mean number of interventions, mean(num_turns − 1), over scored episodes; None without any.

    The last turn is never counted, so that asking until the limit counts one less than was asked.
    """
    played = scored(episodes)
    return fmean(episode.num_turns - 1 for episode in played) if played else None


def outcome_shares(episodes: Sequence[Episode]) -> dict[str, float]:
    """Share in [0, 1] of each of the nine outcomes among all episodes, errors included."""
    counts = Counter(episode.outcome for episode in episodes)
    return {outcome.value: counts[outcome] / len(episodes) for outcome in OUTCOMES}


def macro_average(values: Sequence[float | None]) -> float | None:
    """Unweighted mean over scenarios, the paper's "avg"; None if a scenario has no value."""
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None


def summarise_group(episodes: Sequence[Episode]) -> dict[str, Any]:
    """Summary of some episodes, at least one.

    Returns:
        `n` (all episodes), `errors` (how many of them an error ended), `acc` in percent and `psr`
        in asks an episode over the others, `outcomes` as shares of n.
    """
    return {
        "n": len(episodes),
        "errors": len(episodes) - len(scored(episodes)),
        "acc": acc(episodes),
        "psr": psr(episodes),
        "outcomes": outcome_shares(episodes),
    }


def average(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The unweighted mean of summaries of scenarios; `n` and `errors` are sums."""
    return {
        "n": sum(row["n"] for row in rows),
        "errors": sum(row["errors"] for row in rows),
        "acc": macro_average([row["acc"] for row in rows]),
        "psr": macro_average([row["psr"] for row in rows]),
        "outcomes": {o.value: fmean(row["outcomes"][o.value] for row in rows) for o in OUTCOMES},
    }


def summarise(episodes: Mapping[str, Sequence[Episode]]) -> dict[str, Any]:
    """Summary of one model.

    Args:
        episodes: Episodes by scenario key; no group is empty.

    Returns:
        `scenarios`, by key, and `average`: as `summarise_group` and `average` give them for the
        samples of the suite. Where answerable twins were played, each also has `twins`: the same of
        them, and apart, because a twin asks another question of a model than its sample does.
    """
    rows = {key: _row(group) for key, group in episodes.items()}
    mean = average(list(rows.values()))
    twins = [row["twins"] for row in rows.values() if "twins" in row]
    if twins:
        mean["twins"] = average(twins)
    return {"scenarios": rows, "average": mean}


def _row(group: Sequence[Episode]) -> dict[str, Any]:
    row = summarise_group([episode for episode in group if episode.twin_of is None])
    twins = [episode for episode in group if episode.twin_of is not None]
    return row | {"twins": summarise_group(twins)} if twins else row
