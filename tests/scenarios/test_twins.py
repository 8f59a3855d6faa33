"""An answerable twin is the same item with the same options, begun where the picture suffices."""

import pytest

from askfirst.scenarios import Environment, Observation, answerable_twin, scenario, shortest_plan
from askfirst.scenarios.coco import DIRECTIONS
from askfirst.scenarios.twin import TWIN_IDS
from tests.tiny_suite import ABSTENTION, records

RECORDS = records()
WORDS = {"left": "to the left", "right": "to the right", "zoom": "farther"}
CAMERA = {
    direction: RECORDS["COCO"][0]
    | {
        "direction": direction,
        "options": [*(f"Move the camera {WORDS.get(m, m)}." for m in moves), ABSTENTION],
        "crop": {"top": 20, "left": 30, "height": 24, "width": 34}
        if direction != "zoom"
        else {"top": 20, "left": 30, "height": 4, "width": 4},
        "horizontal_step": 7,
        "vertical_step": 5,
        "box": [16, 10, 50, 36] if direction == "zoom" else box,
        "sufficient_at": 0.9,
    }
    for direction, moves in DIRECTIONS.items()
    for box in [
        [
            17 if "left" in direction else 30,
            11 if "up" in direction else 20,
            47 if "right" in direction else 34,
            33 if "down" in direction else 24,
        ]
    ]
}
CASES = [(key, rows[0]) for key, rows in RECORDS.items()] + [
    ("COCO", record) for record in CAMERA.values()
]
NAMES = [*RECORDS, *(f"COCO-{direction}" for direction in CAMERA)]


@pytest.mark.parametrize(("key", "record"), CASES, ids=NAMES)
def test_a_twin_begins_in_the_picture_to_which_the_shortest_plan_leads(
    key: str, record: dict[str, object]
) -> None:
    rules = scenario(key)
    sample = rules.read(record)
    env = Environment(rules, sample)
    first = env.reset()
    plan = shortest_plan(rules, sample)
    assert plan
    last: object = first
    for choice in plan:
        last = env.step(choice)
    assert isinstance(last, Observation)

    twin = answerable_twin(rules, sample)
    assert twin is not None
    begun = Environment(rules, twin).reset()
    assert begun.picture == last.picture
    assert begun.sufficient
    if key != "CIT":  # a film offers only the moves that stay inside it
        assert [o.text for o in begun.options] == [o.text for o in first.options]
    assert [o.text for o in begun.options if o.kind == "category" and o.valid] == [sample.answer]
    assert (twin.id, twin.twin_of) == (sample.id + TWIN_IDS, sample.id)


@pytest.mark.parametrize("key", list(RECORDS))
def test_there_is_no_twin_without_ground_truth_or_without_need(key: str) -> None:
    rules = scenario(key)
    known = ("evidence", "sufficient", "box", "sufficient_at")
    blind = {name: value for name, value in RECORDS[key][0].items() if name not in known}
    assert answerable_twin(rules, rules.read(blind)) is None
    twin = answerable_twin(rules, rules.read(RECORDS[key][0]))
    assert twin is not None
    assert answerable_twin(rules, twin) is None
