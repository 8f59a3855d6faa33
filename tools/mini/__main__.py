"""`python -m tools.mini make` trains `askfirst/mini`; `… card` writes its model card."""

import argparse
from pathlib import Path

from tools.mini.card import write_card
from tools.mini.recipe import Recipe
from tools.mini.shards import ShardSize
from tools.mini.training import Stage

TINY = (
    Stage("words", 2, 4, 2e-3),
    Stage("naming", 2, 4, 2e-3, 3e-4),
    Stage("answering", 2, 4, 1e-3),
)


def main() -> None:
    """The two commands."""
    parser = argparse.ArgumentParser(prog="python -m tools.mini", description=__doc__)
    commands = parser.add_subparsers(required=True)
    make = commands.add_parser("make", help="collect, train, save and evaluate; resumable")
    make.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    make.add_argument("--cache", type=Path, required=True, help="folder of everything between")
    make.add_argument("--cutouts", type=Path, required=True, help="what tools.studio.cutouts wrote")
    make.add_argument("--seed", type=int, default=0)
    make.add_argument("--tiny", action="store_true", help="a few steps only, to try the recipe")
    make.set_defaults(run=_make)
    card = commands.add_parser("card", help="write README.md from a finished evaluation")
    card.add_argument("--out", type=Path, required=True)
    card.add_argument("--cache", type=Path, required=True)
    card.set_defaults(run=lambda given: write_card(given.out, given.cache / "work"))
    given = parser.parse_args()
    given.run(given)


def _make(given: argparse.Namespace) -> None:
    recipe = Recipe(given.out, given.cache, given.cutouts, given.seed)
    if given.tiny:
        recipe = Recipe(
            given.out, given.cache, given.cutouts, given.seed, 1, ShardSize(3, 2), TINY, 1, False
        )
    recipe.make()
    write_card(given.out, given.cache / "work")


if __name__ == "__main__":
    main()
