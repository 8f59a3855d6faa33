"""ROD: an object on a table behind a block that can be moved."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tools.studio.draft import SampleDraft, Split, Workshop, shuffled_options
from tools.studio.render.cache import frame, planned, rendered
from tools.studio.rod_scene import HIDDEN, PLACES, RodScene, TableObject, rod_scenes, table_objects
from tools.studio.wordings import ABSTENTIONS, pick

SUFFICIENT_AT = 0.6  # share of the object's pixels from which on it can be named (checked by eye)
FIRST_ID: dict[Split, int] = {"test": 10001, "train": 15001}
A_SCENE: dict[Split, int] = {"test": 1, "train": 1}  # samples of each scene
ALIKE = 1  # wrong answers of the same kind as the right one
QUESTIONS = (
    "What is behind the {colour} block?",
    "What object is hidden behind the {colour} block?",
    "Which object stands behind the {colour} block?",
    "What does the {colour} block hide?",
    "What is the object behind the {colour} block?",
    "What type of object is behind the {colour} block?",
    "What has been placed behind the {colour} block?",
    "Can you say what the {colour} block is hiding?",
    "There is something behind the {colour} block. What is it?",
    "Name the object that stands behind the {colour} block.",
    "What thing is on the table behind the {colour} block?",
    "Which thing is kept out of sight by the {colour} block?",
)
MOVES = (
    ("Move the {colour} block to the left.", "Move the {colour} block to the right."),
    ("Push the {colour} block to the left.", "Push the {colour} block to the right."),
    ("Slide the {colour} block to the left.", "Slide the {colour} block to the right."),
    ("Shift the {colour} block to the left.", "Shift the {colour} block to the right."),
)


def make(workshop: Workshop) -> Iterator[SampleDraft]:
    """One sample a scene."""
    plan = planned(rod_scenes(workshop.seed), A_SCENE, FIRST_ID, workshop.counts)
    reports = rendered(workshop, "rod", [scene for scene, _, _ in plan])
    for (scene, _, number), report in zip(plan, reports, strict=True):
        rng = workshop.generator("ROD", number)
        yield SampleDraft(
            split=scene.split,
            record=record(scene, report["evidence"], number, rng),
            pictures={
                f"rod/{scene.name}/{i}.webp": frame(workshop, "rod", scene.name, f"{i}.png")
                for i in range(PLACES)
            },
        )


def record(
    scene: RodScene, evidence: Sequence[float], number: int, rng: np.random.Generator
) -> dict[str, Any]:
    """The sample record of a scene whose places show `evidence` of the object."""
    moves = [move.format(colour=scene.colour) for move in MOVES[int(rng.integers(len(MOVES)))]]
    wrong = wrong_objects(scene, table_objects(), rng)
    return {
        "id": number,
        "image_template": f"rod/{scene.name}/{{image}}.webp",
        "first_image": HIDDEN,
        "num_images": PLACES,
        "reference_image": 0,
        "prompt": pick(rng, QUESTIONS).format(colour=scene.colour),
        **shuffled_options(
            rng, [*moves, pick(rng, ABSTENTIONS)], f"{scene.label}.", [f"{w}." for w in wrong]
        ),
        "cluster": scene.model,
        "evidence": list(evidence),
        "sufficient": [share >= SUFFICIENT_AT for share in evidence],
    }


def wrong_objects(
    scene: RodScene, objects: Sequence[TableObject], rng: np.random.Generator
) -> list[str]:
    """Labels of three other objects of the split, the first of the same kind as the scene's."""
    others = [o for o in objects if o.split == scene.split and o.label != scene.label]
    alike = [o.label for o in others if o.kind == scene.kind]
    chosen = [str(label) for label in rng.permutation(alike)[:ALIKE]]
    unlike = [o.label for o in others if o.label not in chosen]
    return chosen + [str(label) for label in rng.permutation(unlike)[: 3 - len(chosen)]]
