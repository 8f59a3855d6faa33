"""MVP-N: a package whose front alone tells it from its look-alikes, seen from other sides first."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tools.studio.draft import SampleDraft, Split, Workshop, shuffled_options
from tools.studio.mvp_n_scene import AWAY, TOWARDS, VIEWS, Package, packages
from tools.studio.render.cache import frame, planned, rendered
from tools.studio.wordings import ABSTENTIONS, pick

SUFFICIENT_AT = 0.5  # share of the front from which on it can be read (checked by eye)
FIRST_ID: dict[Split, int] = {"test": 20001, "train": 25001}
A_PACKAGE: dict[Split, int] = {"test": 2, "train": 3}  # samples of each package
LENGTHS = (2, 3, 4, 5, 6)
QUESTIONS = (
    "Which product is this?",
    "What product is shown in the image?",
    "Which of these products is on the table?",
    "What is in this package?",
    "Which variety of the product is this?",
    "What does this package contain?",
    "Can you tell which product this is?",
    "Which article is shown here?",
    "What exactly is this product?",
    "Name the product on the table.",
    "Which item of the shop does the image show?",
    "What is sold in this package?",
)
TURNS = (
    "Rotate the object.",
    "Please rotate the package a little.",
    "Rotate the package so that I see its front.",
    "Show me a different side of the package.",
    "Show me the object from another angle.",
    "Change the viewing angle.",
    "Change the orientation of the object.",
    "Give me another view of the product.",
    "Turn the package to a different side.",
    "Take a picture from a different position.",
    "Let me view the other side of the object.",
    "Hold the package in a different orientation.",
)


def make(workshop: Workshop) -> Iterator[SampleDraft]:
    """Some samples a package, each with its own way round the package."""
    scenes = packages(workshop.seed)
    plan = planned(scenes, A_PACKAGE, FIRST_ID, workshop.counts)
    reports = rendered(workshop, "mvp_n", [scene for scene, _, _ in plan])
    for (scene, _, number), report in zip(plan, reports, strict=True):
        rng = workshop.generator("MVP-N", number)
        alike = [p.label for p in scenes if p.line == scene.line and p.label != scene.label]
        wrong = [str(label) for label in rng.permutation(alike)[:3]]
        path = way_round(LENGTHS[number % len(LENGTHS)], rng)
        yield SampleDraft(
            split=scene.split,
            record=record(scene, path, report["evidence"], wrong, number, rng),
            pictures={
                f"mvp_n/{scene.name}/{i:04d}.webp": frame(
                    workshop, "mvp_n", scene.name, f"{i:04d}.png"
                )
                for i in range(VIEWS)
            },
        )


def way_round(length: int, rng: np.random.Generator) -> list[int]:
    """Numbers of `length` views on the way round a package from its back to its front.

    The package turns one way all the time; only the last view shows the front.
    """
    towards, away = list(range(len(TOWARDS))), list(range(len(TOWARDS), len(TOWARDS) + len(AWAY)))
    if rng.random() < 0.5:  # turning the other way: 180° → 100° → 40°, not 180° → 260° → 320°
        away.reverse()
        last = towards[1:]
    else:
        last = towards[:-1]
    return [*away[len(away) - (length - 1) :], int(rng.choice(last))]


def record(
    package: Package,
    path: Sequence[int],
    evidence: Sequence[float],
    wrong: list[str],
    number: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """The sample record of one way round a package whose views show `evidence` of the front."""
    seen = [min(1.0, evidence[view]) for view in path]
    return {
        "id": number,
        "image_template": f"mvp_n/{package.name}/{{image}}.webp",
        "first_image": path[0],
        "num_images": len(path),
        "reference_image": path[-1],
        "valid_images": list(path),
        "prompt": pick(rng, QUESTIONS),
        **shuffled_options(rng, [pick(rng, TURNS), pick(rng, ABSTENTIONS)], package.label, wrong),
        "cluster": package.name,
        "evidence": seen,
        "sufficient": [share >= SUFFICIENT_AT for share in seen],
    }
