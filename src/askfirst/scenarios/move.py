"""Moves: what a suggestion does to the world, and how its wording tells which one it is."""

from enum import StrEnum


class Move(StrEnum):
    """Interventions of the user. `STOP` is the absence of one."""

    STOP = "stop"
    LEFT = "left"
    RIGHT = "right"
    REWIND = "rewind"
    FORWARD = "forward"
    ROTATE = "rotate"
    BRIGHTNESS = "brightness"
    CONTRAST = "contrast"
    SATURATION = "saturation"
    DEBLUR = "deblur"
    DENOISE = "denoise"
    COMPRESSION = "compression"
    RESOLUTION = "resolution"
    ARTIFACTS = "artifacts"
    DETAILS = "details"
    UP = "up"
    DOWN = "down"
    ZOOM = "zoom"


KEYWORDS: dict[Move, tuple[str, ...]] = {
    Move.LEFT: ("to the left",),
    Move.RIGHT: ("to the right",),
    Move.REWIND: ("rewind the video.",),
    Move.FORWARD: ("wait for the",),
    Move.ROTATE: ("rotate", "view", "angle", "orientation", "different"),
    Move.BRIGHTNESS: ("brightness",),
    Move.CONTRAST: ("contrast",),
    Move.SATURATION: ("saturation",),
    Move.DEBLUR: ("deblur",),
    Move.DENOISE: ("denoise",),
    Move.COMPRESSION: ("compression",),
    Move.RESOLUTION: ("resolution",),
    Move.ARTIFACTS: ("artifacts",),
    Move.DETAILS: ("details", "quickdraw", "drawing", "sketch"),
    Move.UP: ("up",),
    Move.DOWN: ("down",),
    Move.ZOOM: ("farther",),
}
"""Words by which a suggestion is recognised (protocol, "The action of a chosen option")."""


def move_of(text: str, moves: tuple[Move, ...]) -> Move | None:
    """The first of a scenario's `moves` whose keyword the text holds; None if none does."""
    lowered = text.lower()
    for move in moves:
        if any(keyword in lowered for keyword in KEYWORDS[move]):
            return move
    return None
