"""What an episode is worth when asking and erring have a price.

U = correct − c · asks − w · wrong, over all played episodes, twins among them: c is the price of
one ask, w that of a wrong category; abstaining, an unreadable reply and the limit cost nothing more
than the asks before them. (Selective prediction prices answers in this way: Chow, "On optimum
recognition error and reject tradeoff", IEEE Trans. Information Theory 16, 1970; here asking has a
price too.)

- Regret against the oracle = mean of (1 − c · l) − U over episodes whose fewest asks l are known.
  The oracle asks l times and is right. A lucky guess can beat it, so that one episode's regret may
  be negative.
- Regret against the model's own best stopping point = max over k of mean U_k − mean U, where U_k is
  what the model would have had if its episodes had stopped without an answer after k asks. What it
  would have answered there is not known without probes, so that this is the least it lost by asking
  in vain; it is never negative.
"""

import math
from collections.abc import Sequence

import numpy as np

from askfirst.metrics.definition import Measure, ratio
from askfirst.metrics.table import Array, EpisodeTable
from askfirst.metrics.tally import Sums

ASK_COST = 0.1
"""Price c of one ask where no other is named."""

WRONG_COST = 1.0
"""Price w of a wrong category where no other is named."""


def ask_limits(tables: Sequence[EpisodeTable]) -> Array:
    """The ask limits k among which the best one is: 0 and every number of asks that was made.

    Between two of them mean U_k only falls, by c for every ask more.
    """
    made = [table.asks[table.played] for table in tables]
    return np.unique(np.concatenate([np.zeros(1), *made]))


def utility_columns(table: EpisodeTable, limits: Array) -> dict[str, Array]:
    """What the measures of this file count, arrays of shape (episodes,) or (episodes, limits)."""
    played, planned = table.played, table.played & np.isfinite(table.shortest)
    within = table.played[:, None] & (table.asks[:, None] <= limits)
    columns = {
        "played": played,
        "played_correct": played & table.correct,
        "played_asks": played * table.asks,
        "played_wrong": played & table.wrong,
        "planned": planned,
        "planned_shortest": np.where(planned, table.shortest, 0.0),
        "planned_correct": planned & table.correct,
        "planned_asks": planned * table.asks,
        "planned_wrong": planned & table.wrong,
        "stop_correct": within & table.correct[:, None],
        "stop_asks": played[:, None] * np.minimum(table.asks[:, None], limits),
        "stop_wrong": within & table.wrong[:, None],
    }
    return {name: column.astype(float) for name, column in columns.items()}


def utility(sums: Sums, ask_cost: float, wrong_cost: float) -> Array:
    """Mean of correct − c · asks − w · wrong."""
    worth = sums["played_correct"] - ask_cost * sums["played_asks"]
    return ratio(worth - wrong_cost * sums["played_wrong"], sums["played"])


def oracle_utility(sums: Sums, ask_cost: float) -> Array:
    """Mean of 1 − c · l over episodes whose fewest asks l are known."""
    return ratio(sums["planned"] - ask_cost * sums["planned_shortest"], sums["planned"])


def regret_oracle(sums: Sums, ask_cost: float, wrong_cost: float) -> Array:
    """Mean of (1 − c · l) − U over episodes whose fewest asks l are known."""
    worth = sums["planned_correct"] - ask_cost * sums["planned_asks"]
    model = ratio(worth - wrong_cost * sums["planned_wrong"], sums["planned"])
    return oracle_utility(sums, ask_cost) - model


def regret_own_stop(sums: Sums, ask_cost: float, wrong_cost: float) -> Array:
    """Max over k of mean U_k − mean U; see the head of this file."""
    worth = sums.block("stop_correct") - ask_cost * sums.block("stop_asks")
    stopped = worth - wrong_cost * sums.block("stop_wrong")
    lost = stopped.max(axis=-1) - stopped[..., -1]  # the highest limit stops no episode
    return ratio(lost, sums["played"])


def utility_measures(
    ask_cost: float = ASK_COST, wrong_cost: float = WRONG_COST
) -> tuple[Measure, ...]:
    """Utility and both regrets at these prices."""
    prices = f"at {ask_cost:g} an ask and {wrong_cost:g} a wrong answer"
    return (
        Measure(
            key="utility",
            title="utility",
            unit="",
            better="higher",
            explains=f"Right answers less the price of asks and wrong answers, {prices}.",
            value=lambda sums: utility(sums, ask_cost, wrong_cost),
            of=("played",),
            applies="played",
            span=(-math.inf, 1.0),
        ),
        Measure(
            key="regret_oracle",
            title="regret against the oracle",
            unit="",
            better="lower",
            explains=f"What the oracle has more, {prices}.",
            value=lambda sums: regret_oracle(sums, ask_cost, wrong_cost),
            of=("planned",),
            applies="planned",
        ),
        Measure(
            key="regret_own_stop",
            title="regret against its own best stop",
            unit="",
            better="lower",
            explains=f"What the best limit on its asks would have saved it, {prices}.",
            value=lambda sums: regret_own_stop(sums, ask_cost, wrong_cost),
            of=("played",),
            applies="played",
            span=(0.0, math.inf),
        ),
    )
