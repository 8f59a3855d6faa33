"""What the page's script works on, as one JSON value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from askfirst.errors import UnknownName
from askfirst.metrics.curves import LogisticCurve, UtilityCurve
from askfirst.metrics.estimate import Estimate
from askfirst.protocol.protocol import protocol
from askfirst.report.outcomes import OUTCOME_STYLES
from askfirst.report.pictures import Pictures
from askfirst.report.runs import Run
from askfirst.report.strips import strips
from askfirst.report.summary import Curves, Summary, described

ByScope = Mapping[str, Mapping[str, Curves]]
"""Curves by scope and model."""


def page_data(
    summary: Summary, curves: ByScope, pictures: Pictures, models: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Everything that charts and film strips show.

    Args:
        summary: The numbers.
        curves: The curves.
        pictures: The small copies of pictures.
        models: Name and looks of each model, in the order of the run.
    """
    run = summary.run
    return {
        "models": models,
        "scenarios": run.scenarios,
        "outcomes": [asdict(style) for style in OUTCOME_STYLES],
        "parser": _moving_parser(run),
        "measures": [described(measure) for measure in summary.defined],
        "estimates": {
            scope: {
                model: {
                    measure.key: _numbers(estimates[measure.key]) for measure in summary.defined
                }
                for model in run.models
                if (estimates := summary.estimates(scope, model))
            }
            for scope in summary.scopes
        },
        "utility": _each(curves, lambda found: _costs(found.utility, found.utility.utility)),
        "regret": _each(curves, lambda found: _costs(found.utility, found.utility.regret_oracle)),
        "ask": _each(curves, lambda found: _logistic(found.ask)),
        "right": _each(curves, lambda found: _logistic(found.right)),
        "strips": strips(run, pictures),
    }


def _moving_parser(run: Run) -> str | None:
    """Name of the parser that moved the episodes; None for a protocol of another version."""
    try:
        return protocol(run.protocol).parser.value
    except UnknownName:
        return None


def _each(curves: ByScope, convert: Callable[[Curves], Any]) -> dict[str, dict[str, Any]]:
    return {
        scope: {model: convert(found) for model, found in models.items()}
        for scope, models in curves.items()
    }


def _numbers(estimate: Estimate) -> dict[str, Any]:
    return {
        "value": _rounded(estimate.value),
        "low": _rounded(estimate.low),
        "high": _rounded(estimate.high),
        "n": estimate.n,
    }


def _rounded(number: float | None) -> float | None:
    """A number with the digits that a chart can show."""
    return None if number is None else round(number, 4)


def _costs(curve: UtilityCurve, over: Sequence[Estimate]) -> list[dict[str, Any]]:
    return [
        {"cost": cost} | _numbers(estimate)
        for cost, estimate in zip(curve.costs, over, strict=True)
    ]


def _logistic(curve: LogisticCurve) -> dict[str, Any]:
    # Without a fit `fitted` is empty, though the grid of evidence is there.
    return {
        "fitted": [
            {"evidence": round(evidence, 4)} | _numbers(estimate)
            for evidence, estimate in zip(curve.evidence, curve.fitted, strict=False)
        ],
        "points": [
            {"evidence": round(point.evidence, 4), "value": round(point.share, 4), "n": point.n}
            for point in curve.points
        ],
    }
