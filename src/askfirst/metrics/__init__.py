"""Measures: plain functions of finished episodes."""

from askfirst.metrics.published import acc, outcome_shares, psr, scored, summarise

__all__ = ["acc", "outcome_shares", "psr", "scored", "summarise"]
