"""The measures of the paper, and the shares of the nine outcomes (protocol, "What is measured")."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean

from askfirst.protocol.episode import Episode, EpisodeOutcome


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
    return {outcome.value: counts[outcome] / len(episodes) for outcome in EpisodeOutcome}


def macro_average(values: Sequence[float | None]) -> float | None:
    """Unweighted mean over scenarios, the paper's "avg"; None if a scenario has no value."""
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None


def summarise(episodes: Mapping[str, Sequence[Episode]]) -> dict[str, object]:
    """Summary of one model.

    Args:
        episodes: Episodes by scenario key; no group is empty.

    Returns:
        `scenarios`: by key, `n` (all episodes), `errors` (how many of them an error ended), `acc`
        in percent and `psr` in asks an episode over the others, `outcomes` as shares of n.
        `average`: the unweighted mean of each over the scenarios; `n` and `errors` are sums.
    """
    groups = {
        key: {
            "n": len(group),
            "errors": len(group) - len(scored(group)),
            "acc": acc(group),
            "psr": psr(group),
            "outcomes": outcome_shares(group),
        }
        for key, group in episodes.items()
    }
    shares = [outcome_shares(group) for group in episodes.values()]
    average = {
        "n": sum(len(group) for group in episodes.values()),
        "errors": sum(len(group) - len(scored(group)) for group in episodes.values()),
        "acc": macro_average([acc(group) for group in episodes.values()]),
        "psr": macro_average([psr(group) for group in episodes.values()]),
        "outcomes": {o.value: fmean(share[o.value] for share in shares) for o in EpisodeOutcome},
    }
    return {"scenarios": groups, "average": average}
