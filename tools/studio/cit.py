"""CIT: short films of a change of state that the beginning does not show."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tools.studio.cit_scene import ANSWERS, FRAMES, RIVALS, THINGS, CitScene, cit_scenes, evidence
from tools.studio.draft import SampleDraft, Split, Workshop, shuffled_options
from tools.studio.render.cache import frame, planned, rendered
from tools.studio.wordings import ABSTENTIONS, pick

FIRST_ID: dict[Split, int] = {"test": 50001, "train": 55001}
STEPS = (1, 2)  # frames a move, one sample each
A_FILM: dict[Split, int] = {"test": len(STEPS), "train": len(STEPS)}
QUESTIONS: dict[str, tuple[str, ...]] = {
    "candle": ("What happens to the candle?", "What is being done with the candle?"),
    "glass": ("What is poured into the glass?", "Which drink is poured into the glass?"),
    "box": ("What is under the box?", "Which object does the box cover?"),
    "tower": ("What happens to the tower of three blocks?", "What is done with the three blocks?"),
    "balloon": ("What happens to the balloon?", "What becomes of the balloon?"),
    "lamp": ("What is being done with the lamp?", "What happens to the lamp?"),
    "ball": ("What happens to the ball?", "What does the ball do in this video?"),
    "pot": ("What grows in the flower pot?", "Which plant grows out of the soil?"),
    "ice": ("What happens to the ice cube?", "What becomes of the ice cube?"),
    "cake": ("What is being done with the cake?", "What happens to the cake?"),
    "cups": ("Where is the yellow ball?", "Under which cup does the yellow ball lie?"),
    "card": ("What is on the other side of the card?", "Which animal does the card show?"),
    "drive": ("What comes onto the table?", "What appears on the empty table?"),
    "dark": ("What stands in the dark?", "Which object is on the table in the dark room?"),
}
DEEDS: dict[str, tuple[str, tuple[str, str, str, str]]] = {
    "glass": (
        "What is being done with the glass?",
        ("It is filled.", "It is knocked over.", "It is lifted up.", "It is covered."),
    ),
    "box": (
        "What is being done with the box?",
        ("It is lifted up.", "It is pushed aside.", "It is crushed.", "It is painted."),
    ),
    "pot": (
        "What happens in this video?",
        ("A plant grows.", "The pot breaks.", "The pot falls over.", "The soil is removed."),
    ),
    "cups": (
        "What is being done with the cups?",
        (
            "They are lifted up.",
            "They are stacked.",
            "They are knocked over.",
            "They are taken away to the side.",
        ),
    ),
    "card": (
        "What is being done with the card?",
        ("It is turned round.", "It is torn.", "It is knocked over.", "It is lifted up."),
    ),
}
"""A question on the action, for films whose other question is on an object; right answer first."""
WAITS = (
    "Wait for the change to happen.",
    "Wait for the next part of the video.",
    "Wait for the action to begin.",
    "Wait for the video to go on.",
    "Wait for the decisive moment.",
    "Wait for the scene to change.",
    "Wait for the event to take place.",
    "Wait for the moment that shows it.",
    "Wait for the rest of the video.",
    "Wait for the answer to appear.",
)
REWIND = "Rewind the video."


def make(workshop: Workshop) -> Iterator[SampleDraft]:
    """Two samples a film: one that moves frame by frame, one that moves two frames at a time."""
    plan = planned(cit_scenes(workshop.seed), A_FILM, FIRST_ID, workshop.counts)
    rendered(workshop, "cit", [scene for scene, _, _ in plan])
    for scene, repeat, number in plan:
        yield SampleDraft(
            split=scene.split,
            record=record(scene, STEPS[repeat], number, workshop.generator("CIT", number)),
            pictures={
                f"cit/{scene.name}/{i}.webp": frame(workshop, "cit", scene.name, f"{i}.png")
                for i in range(FRAMES)
            },
        )


def record(scene: CitScene, step: int, number: int, rng: np.random.Generator) -> dict[str, Any]:
    """The sample record of a film; the second sample of a film asks for the action if it can."""
    if step == STEPS[-1] and scene.change in DEEDS:
        prompt, (answer, *wrong) = DEEDS[scene.change]
    else:
        prompt = pick(rng, QUESTIONS[scene.change])
        answer, wrong = answers(scene, rng)
    seen = evidence(scene.event)
    return {
        "id": number,
        "image_template": f"cit/{scene.name}/{{image}}.webp",
        "first_image": 0,
        "num_images": FRAMES,
        "reference_image": FRAMES - 1,
        "step_size": step,
        "max_steps": FRAMES // step + 1,
        "prompt": prompt,
        **shuffled_options(rng, [pick(rng, WAITS), REWIND, pick(rng, ABSTENTIONS)], answer, wrong),
        "cluster": scene.name,
        "evidence": list(seen),
        "sufficient": [i >= scene.event for i in range(FRAMES)],
    }


def answers(scene: CitScene, rng: np.random.Generator) -> tuple[str, list[str]]:
    """The right answer and three wrong ones that the film's first frame leaves possible."""
    if scene.change in RIVALS:
        answer, rivals = THINGS[scene.model], [THINGS[model] for model in RIVALS[scene.change]]
    else:
        answer = ANSWERS[scene.change][scene.outcome]
        rivals = list(ANSWERS[scene.change].values())
    others = [rival for rival in rivals if rival != answer]
    return answer, [str(other) for other in rng.permutation(others)[:3]]
