"""Rooms and people as pictures, for the scenarios that show them; what is missing is rendered."""

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from tools.studio.draft import Workshop
from tools.studio.render.cache import frame, rendered
from tools.studio.rooms.people import PersonScene
from tools.studio.rooms.scenes import RoomScene, layout_of
from tools.studio.rooms.truth import Room
from tools.studio.sources import SourceError


def rendered_rooms(workshop: Workshop, names: Sequence[str]) -> Iterator[tuple[Room, Image.Image]]:
    """Rooms by name, each with its picture (RGB).

    Raises:
        SourceError: The renderer fails, or the cache holds a room that was furnished by another
            table of things or by other rules.
    """
    scenes = [RoomScene(f"{name}-seed{workshop.seed}", name, workshop.seed) for name in names]
    for scene, report in zip(scenes, rendered(workshop, "room", scenes), strict=True):
        layout = layout_of(workshop.seed, scene.room)
        if report["things"] != [placed.thing for placed in layout.placed]:
            raise SourceError(f"the render of {scene.name} is older than its layout: remove it")
        mask = np.asarray(frame(workshop, "room", scene.name, "mask.png").make())
        picture = frame(workshop, "room", scene.name, "picture.png").make().convert("RGB")
        yield Room(layout, mask), picture


def rendered_person(workshop: Workshop, person: PersonScene) -> Image.Image:
    """The RGBA cut-out of a person."""
    rendered(workshop, "person", [person])
    return frame(workshop, "person", person.name, "picture.png").make().convert("RGBA")
