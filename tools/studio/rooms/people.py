"""The people who cross in front of the lens."""

from dataclasses import dataclass

MODELS = (
    "male01",
    "male02",
    "male03",
    "female01",
    "female02",
    "female03",
    "boyStanding",
    "girlStanding",
)
TURNS = (50, 80)  # degrees: they walk to the right, a little towards the camera


@dataclass(frozen=True, slots=True)
class PersonScene:
    """A model of the pack "Reallusion" and its turn in degrees; at 0 it faces the camera."""

    name: str
    model: str
    turn: int


PEOPLE = tuple(PersonScene(f"{m}-{turn}", m, turn) for m in MODELS for turn in TURNS)
