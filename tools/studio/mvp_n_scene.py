"""MVP-N: packages in groups of look-alikes that only the front tells apart; no Blender here."""

from dataclasses import dataclass

import numpy as np

VIEWS = 8
TOWARDS = (-40.0, 0.0, 40.0)  # degrees by which the front may be turned and still be read
AWAY = (100.0, 140.0, 180.0, 220.0, 260.0)  # degrees at which the front cannot be seen


@dataclass(frozen=True, slots=True)
class Line:
    """A product line: everything its packages share.

    Attributes:
        split: Part of the suite.
        form: "carton", "can" or "bottle".
        brand, product: What every side says.
        ground, paper: Colours of the package and of its labels, sRGB 0…255.
        kinds: Name and emoji of each package.
    """

    split: str
    form: str
    brand: str
    product: str
    ground: tuple[int, int, int]
    paper: tuple[int, int, int]
    kinds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Package:
    """One package and how it is photographed; `angles` are the turns of its front, degrees."""

    name: str
    split: str
    line: str
    label: str
    form: str
    brand: str
    product: str
    kind: str
    emoji: str
    ground: tuple[int, int, int]
    paper: tuple[int, int, int]
    table: int
    wall: int
    light: int
    angles: tuple[float, ...]


LINES = (
    Line(
        "test",
        "carton",
        "SUNNY",
        "muesli",
        (178, 38, 24),
        (244, 236, 220),
        (
            ("Strawberry", "🍓"),
            ("Banana", "🍌"),
            ("Blueberry", "🫐"),
            ("Cherry", "🍒"),
            ("Mango", "🥭"),
        ),
    ),
    Line(
        "test",
        "can",
        "FIZZ",
        "lemonade",
        (22, 92, 152),
        (240, 244, 246),
        (("Lemon", "🍋"), ("Orange", "🍊"), ("Grape", "🍇"), ("Watermelon", "🍉"), ("Kiwi", "🥝")),
    ),
    Line(
        "test",
        "can",
        "GARDEN",
        "soup",
        (52, 104, 48),
        (246, 240, 214),
        (
            ("Tomato", "🍅"),
            ("Carrot", "🥕"),
            ("Mushroom", "🍄"),
            ("Corn", "🌽"),
            ("Broccoli", "🥦"),
        ),
    ),
    Line(
        "test",
        "carton",
        "PAWS & CO",
        "food",
        (96, 58, 132),
        (240, 234, 244),
        (("Dog", "🐶"), ("Cat", "🐱"), ("Rabbit", "🐰"), ("Hamster", "🐹"), ("Parrot", "🦜")),
    ),
    Line(
        "test",
        "bottle",
        "CASA",
        "sauce",
        (120, 66, 26),
        (248, 238, 208),
        (("Chili", "🌶"), ("Garlic", "🧄"), ("Onion", "🧅"), ("Ginger", "🫚"), ("Olive", "🫒")),
    ),
    Line(
        "test",
        "carton",
        "BRICKO",
        "building set",
        (30, 66, 140),
        (250, 226, 110),
        (
            ("Rocket", "🚀"),
            ("Sailing boat", "⛵"),
            ("Racing car", "🏎"),
            ("Steam engine", "🚂"),
            ("Helicopter", "🚁"),
        ),
    ),
    Line(
        "train",
        "carton",
        "CRUNCH",
        "crackers",
        (206, 128, 20),
        (252, 244, 220),
        (("Cheese", "🧀"), ("Pretzel", "🥨"), ("Peanut", "🥜"), ("Coconut", "🥥")),
    ),
    Line(
        "train",
        "bottle",
        "ORCHARD",
        "juice",
        (40, 120, 84),
        (246, 246, 226),
        (("Pineapple", "🍍"), ("Melon", "🍈"), ("Apple", "🍏"), ("Pear", "🍐")),
    ),
    Line(
        "train",
        "can",
        "PETAL",
        "tea",
        (150, 44, 92),
        (250, 234, 238),
        (("Rose", "🌹"), ("Tulip", "🌷"), ("Hibiscus", "🌺"), ("Sunflower", "🌻")),
    ),
    Line(
        "train",
        "carton",
        "ZOOM",
        "puzzle",
        (18, 110, 122),
        (236, 246, 240),
        (("Lion", "🦁"), ("Tiger", "🐯"), ("Panda", "🐼"), ("Koala", "🐨")),
    ),
)


def packages(seed: int) -> tuple[Package, ...]:
    """Every package of every line; how it is photographed comes from `seed` and its place."""
    return tuple(
        _package(line, name, emoji, np.random.default_rng([seed, 1, i, j]))
        for i, line in enumerate(LINES)
        for j, (name, emoji) in enumerate(line.kinds)
    )


def _package(line: Line, kind: str, emoji: str, rng: np.random.Generator) -> Package:
    turns = np.array(TOWARDS + AWAY) + rng.uniform(-6, 6, VIEWS)
    name = f"{line.brand}_{kind}".lower().replace(" & ", "_").replace(" ", "_")
    return Package(
        name=name,
        split=line.split,
        line=line.brand,
        label=f"{kind} {line.product}.",
        form=line.form,
        brand=line.brand,
        product=line.product,
        kind=kind,
        emoji=emoji_file(emoji),
        ground=line.ground,
        paper=line.paper,
        table=int(rng.integers(4)),
        wall=int(rng.integers(5)),
        light=int(rng.choice([-1, 1])),
        angles=tuple(round(float(turn), 2) for turn in turns),
    )


def emoji_file(emoji: str) -> str:
    """Name of the emoji's picture in the Fluent emoji package."""
    point = f"{ord(emoji[0]):x}"
    return f"{point}-fe0f.webp" if emoji in "🌶🏎" else f"{point}.webp"
