"""A table before a wall, lit from two sides: the room of all table-top scenes."""

from __future__ import annotations

from tools.studio.render import stage

WOODS = (
    ((0.45, 0.25, 0.12), (0.28, 0.14, 0.06)),
    ((0.62, 0.45, 0.28), (0.5, 0.34, 0.2)),
    ((0.25, 0.15, 0.1), (0.14, 0.08, 0.05)),
    ((0.75, 0.68, 0.58), (0.66, 0.58, 0.47)),
)
WALLS = (
    (0.78, 0.76, 0.7),
    (0.55, 0.62, 0.66),
    (0.7, 0.62, 0.55),
    (0.6, 0.66, 0.58),
    (0.82, 0.82, 0.84),
)


def table_room(table: int, wall: int, light: int = 1, brightness: float = 1.0) -> None:
    """Table top at height 0; the key light comes from the left (`light` = 1) or the right (−1)."""
    stage.box((4, 2.2, 0.1), (0, 0.2, -0.05), stage.wood(*WOODS[table]))
    stage.box((12, 0.1, 6), (0, 1.9, 1), stage.plain(WALLS[wall], 0.9))
    stage.area_light((-2.2 * light, -1.6, 2.8), (0, 0, 0.2), 1.5, 140 * brightness, (1, 0.95, 0.88))
    stage.area_light((2.5 * light, -1, 2), (0, 0, 0.2), 2.0, 50 * brightness, (0.85, 0.92, 1))
    stage.sky((0.75, 0.8, 0.9), 0.45 * brightness)
