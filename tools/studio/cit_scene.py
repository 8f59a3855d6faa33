"""CIT: short films of a change of state that the beginning does not show; no Blender here."""

from dataclasses import dataclass

import numpy as np

FRAMES = 10
EARLIEST, LATEST = 3, 6  # frames in which the telling event may show first


@dataclass(frozen=True, slots=True)
class Plot:
    """What happens in a film.

    Attributes:
        split: Part of the suite.
        change: The scene and what can change in it (a key of `ANSWERS`).
        outcome: What happens, or which thing it happens to (a key of `ANSWERS[change]`).
        model: Model of the furniture packs that plays the part, "pack/folder", or "".
    """

    split: str
    change: str
    outcome: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class CitScene:
    """A film: its plot, its room, and the frame in which the telling event shows first."""

    name: str
    split: str
    change: str
    outcome: str
    model: str
    table: int
    wall: int
    light: int
    colour: tuple[float, float, float]
    event: int


ANSWERS: dict[str, dict[str, str]] = {
    "candle": {
        "lit": "It is lit.",
        "fallen": "It is knocked over.",
        "covered": "A glass is put over it.",
        "taken": "It is lifted off its plate.",
    },
    "glass": {
        "milk": "Milk.",
        "orange": "Orange juice.",
        "cola": "Cola.",
        "tomato": "Tomato juice.",
    },
    "box": {},
    "tower": {
        "falls": "It falls over.",
        "added": "A fourth block is put on top.",
        "taken": "The top block is lifted off.",
        "pulled": "The lowest block is pulled out.",
    },
    "balloon": {
        "blown": "It is blown up.",
        "flies": "It floats away.",
        "shrinks": "It loses its air.",
        "bursts": "It bursts.",
    },
    "lamp": {
        "on": "It is switched on.",
        "fallen": "It is knocked over.",
        "taken": "It is lifted up.",
        "turned": "It is pushed off to the side.",
    },
    "ball": {
        "left": "It rolls to the left.",
        "right": "It rolls to the right.",
        "up": "It jumps up.",
        "covered": "A box is put over it.",
    },
    "pot": {},
    "ice": {
        "melts": "It melts.",
        "slides": "It slides to the right.",
        "breaks": "It breaks in two.",
        "lifted": "It is lifted up.",
    },
    "cake": {
        "slice": "A slice is taken out.",
        "cherry": "A cherry is put on top.",
        "cover": "A cover is put over it.",
        "lifted": "It is lifted up.",
    },
    "cups": {
        "left": "Under the left cup.",
        "middle": "Under the middle cup.",
        "right": "Under the right cup.",
        "none": "Under none of the cups.",
    },
    "card": {
        "frog": "A frog.",
        "butterfly": "A butterfly.",
        "whale": "A whale.",
        "snail": "A snail.",
        "duck": "A duck.",
    },
    "drive": {},
    "dark": {},
}
"""Answers by change and outcome. Where empty, the answer names the thing seen (`THINGS`)."""

THINGS: dict[str, str] = {  # model: answer
    "BlendSwap-CC-0/teddyBear": "A teddy bear.",
    "BlendSwap-CC-0/cupcake": "A cupcake.",
    "BlendSwap-CC-0/basketball": "A basketball.",
    "BlendSwap-CC-0/briefcase": "A briefcase.",
    "BlendSwap-CC-0/headphones": "A pair of headphones.",
    "BlendSwap-CC-0/fireExtinguisher": "A fire extinguisher.",
    "BlendSwap-CC-0/coffeeBrewer": "A coffee machine.",
    "BlendSwap-CC-0/cactus": "A cactus.",
    "BlendSwap-CC-0/orchids": "An orchid.",
    "BlendSwap-CC-0/plant": "A palm.",
    "BlendSwap-CC-0/forkLift": "A forklift.",
    "BlendSwap-CC-0/horse2": "A horse.",
    "BlendSwap-CC-BY/hamburger": "A hamburger.",
    "BlendSwap-CC-BY/bonecoDeNeve": "A snowman.",
    "BlendSwap-CC-BY/gift": "A gift box.",
    "Scopia/rabbit": "A rabbit.",
    "Scopia/cone": "A traffic cone.",
    "BlendSwap-CC-BY/tulips": "A bunch of tulips.",
    "Scopia/tricycle": "A tricycle.",
    "Scopia/mower": "A lawn mower.",
}

RIVALS: dict[str, tuple[str, ...]] = {  # models whose names make wrong answers, by change
    "box": (
        "BlendSwap-CC-0/teddyBear",
        "BlendSwap-CC-0/cupcake",
        "BlendSwap-CC-0/basketball",
        "BlendSwap-CC-0/coffeeBrewer",
        "BlendSwap-CC-BY/hamburger",
        "Scopia/rabbit",
        "Scopia/cone",
    ),
    "pot": (
        "BlendSwap-CC-0/cactus",
        "BlendSwap-CC-0/orchids",
        "BlendSwap-CC-0/plant",
        "BlendSwap-CC-BY/tulips",
    ),
    "drive": (
        "BlendSwap-CC-0/forkLift",
        "BlendSwap-CC-0/horse2",
        "Scopia/tricycle",
        "Scopia/mower",
    ),
    "dark": (
        "BlendSwap-CC-0/headphones",
        "BlendSwap-CC-0/fireExtinguisher",
        "BlendSwap-CC-0/briefcase",
        "BlendSwap-CC-BY/bonecoDeNeve",
        "BlendSwap-CC-BY/gift",
    ),
}

COLOURS = (
    (0.5, 0.06, 0.05),
    (0.05, 0.2, 0.45),
    (0.08, 0.3, 0.12),
    (0.6, 0.42, 0.05),
    (0.65, 0.2, 0.03),
    (0.22, 0.07, 0.35),
)


def plots() -> tuple[Plot, ...]:
    """The films of both splits."""
    acted = {
        "test": {
            "candle": "lit fallen covered",
            "glass": "milk orange cola",
            "tower": "falls added taken",
            "balloon": "blown flies shrinks",
            "lamp": "on taken",
            "ball": "left right up",
            "ice": "melts slides breaks",
            "cake": "slice cherry cover",
            "cups": "left right",
            "card": "frog butterfly duck",
        },
        "train": {
            "candle": "lit taken",
            "glass": "tomato milk",
            "tower": "added falls",
            "balloon": "blown flies",
            "lamp": "on fallen",
            "ball": "right covered",
            "ice": "melts breaks",
            "cake": "cherry slice",
            "cups": "middle none",
            "card": "whale snail",
        },
    }
    films = [
        Plot(split, change, outcome, LAMPS[split] if change == "lamp" else "")
        for split, changes in acted.items()
        for change, outcomes in changes.items()
        for outcome in outcomes.split()
    ]
    films += [
        Plot("test" if model.startswith("BlendSwap-CC-0/") else "train", change, "shown", model)
        for change, models in RIVALS.items()
        for model in models
    ]
    return tuple(films)


LAMPS = {"test": "BlendSwap-CC-0/desklamp", "train": "BlendSwap-CC-BY/lamp"}


def cit_scenes(seed: int) -> tuple[CitScene, ...]:
    """One scene a plot; rooms, colours and the moment of the event come from `seed`."""
    return tuple(
        _scene(plot, np.random.default_rng([seed, 2, i])) for i, plot in enumerate(plots())
    )


def _scene(plot: Plot, rng: np.random.Generator) -> CitScene:
    part = plot.model.split("/")[1].lower() if plot.outcome == "shown" else plot.outcome
    return CitScene(
        name=f"{plot.split}_{plot.change}_{part}",
        split=plot.split,
        change=plot.change,
        outcome=plot.outcome,
        model=plot.model,
        table=int(rng.integers(4)),
        wall=int(rng.integers(5)),
        light=int(rng.choice([-1, 1])),
        colour=COLOURS[int(rng.integers(len(COLOURS)))],
        event=int(rng.integers(EARLIEST, LATEST + 1)),
    )


def phase(frame: int, event: int) -> float:
    """Where a frame stands: from −1 at the beginning up to 0, then from above 0 up to 1 at the end.

    Every frame before `event` is negative, so that nothing of the change may be seen in it.
    """
    return (frame - event) / event if frame < event else (frame - event + 1) / (FRAMES - event)


def evidence(event: int) -> tuple[float, ...]:
    """Time to the telling event: min(1, t / t_event) for each frame t."""
    return tuple(min(1.0, round(t / event, 4)) for t in range(FRAMES))
