"""The baselines do what their names say."""

import random

import pytest

from askfirst.protocol.baseline import POLICIES
from askfirst.scenarios import Option, OptionKind

LEFT = Option("Left.", OptionKind.ACTION, False)
RIGHT = Option("Right.", OptionKind.ACTION, True)
PASS = Option("I cannot tell.", OptionKind.ABSTAIN, False)
PEAR = Option("Pear.", OptionKind.CATEGORY, False)
PLUM = Option("Plum.", OptionKind.CATEGORY, True)


def chosen(policy: str, options: list[Option], advice: int = 0) -> set[str]:
    """What a policy chooses over many draws."""
    return {
        options[POLICIES[policy](options, advice, random.Random(seed))].text for seed in range(200)
    }


@pytest.mark.parametrize(
    ("policy", "options", "expected"),
    [
        ("never-ask", [LEFT, PASS, PEAR, PLUM], {"Pear.", "Plum."}),
        ("always-ask", [LEFT, RIGHT, PASS, PEAR], {"Right."}),
        ("always-ask", [PASS, LEFT, PEAR], {"Left."}),
        ("always-ask", [PASS, PEAR, PLUM], {"I cannot tell."}),
        ("uniform", [LEFT, PASS, PEAR, PLUM], {"Left.", "I cannot tell.", "Pear.", "Plum."}),
        ("blind", [LEFT, PASS, PLUM, PEAR], {"Plum."}),
    ],
)
def test_policies(policy: str, options: list[Option], expected: set[str]) -> None:
    assert chosen(policy, options) == expected


def test_the_oracle_follows_the_advice() -> None:
    assert chosen("oracle", [LEFT, RIGHT, PASS, PLUM], advice=3) == {"Plum."}
