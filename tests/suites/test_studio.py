"""The suites that the package carries keep what their data card promises."""

import json
from collections import Counter

import pytest

from askfirst.scenarios import Environment, OptionKind, answerable_twin, scenario, shortest_plan
from askfirst.suites import Suite, load_suite
from askfirst.suites.verify import suite_problems

KEYS = ["ROD", "VSOD", "MVP-N", "IN-C", "QD", "CIT", "COCO"]


@pytest.fixture(scope="module", params=["studio", "studio-train"])
def suite(request: pytest.FixtureRequest) -> Suite:
    return load_suite(request.param)


def test_every_picture_is_whole(suite: Suite) -> None:
    assert [problem for _, problem in suite_problems(suite) if problem] == []


def test_there_are_enough_samples_of_all_seven_scenarios(suite: Suite) -> None:
    counts = {key: len(group) for key, group in suite.samples.items()}
    assert list(counts) == KEYS
    assert min(counts.values()) >= (60 if suite.manifest.name == "studio" else 40)
    if suite.manifest.name == "studio":
        assert sum(counts.values()) >= 600


@pytest.mark.parametrize(
    ("key", "categories"), [("ROD", 60), ("COCO", 60), ("QD", 100), ("IN-C", 20), ("MVP-N", 24)]
)
def test_there_are_enough_categories(key: str, categories: int) -> None:
    assert len({sample.answer for sample in load_suite("studio").samples[key]}) >= categories


def test_every_sample_begins_insufficient_and_can_become_sufficient(suite: Suite) -> None:
    for key, samples in suite.samples.items():
        for sample in samples:
            assert Environment(scenario(key), sample).reset().sufficient is False
            assert shortest_plan(scenario(key), sample)


def test_every_sample_has_an_answerable_twin_that_suffices(suite: Suite) -> None:
    for key, samples in suite.samples.items():
        for sample in samples:
            twin = answerable_twin(scenario(key), sample)
            assert twin is not None
            assert Environment(scenario(key), twin).reset().sufficient


def test_every_first_state_offers_help_an_abstention_and_four_categories(suite: Suite) -> None:
    for key, samples in suite.samples.items():
        for sample in samples:
            options = Environment(scenario(key), sample).reset().options
            kinds = Counter(option.kind for option in options)
            assert kinds[OptionKind.CATEGORY] == 4
            assert kinds[OptionKind.ABSTAIN] == 1
            assert kinds[OptionKind.ACTION] >= 1
            assert len({option.text for option in options}) == len(options)
            assert all(option.text.endswith(".") for option in options)


def test_the_place_of_the_answer_gives_nothing_away(suite: Suite) -> None:
    for samples in suite.samples.values():
        places = Counter(sample.categories.index(sample.answer) for sample in samples)
        # The chance that a fair draw puts as many as this into one place is below one in 10,000.
        assert max(places.values()) <= len(samples) / 4 + 4 * (len(samples) * 3 / 16) ** 0.5


def test_test_and_train_share_no_scene_object_or_photograph() -> None:
    test, train = load_suite("studio"), load_suite("studio-train")
    for key in KEYS:
        clusters = [{sample.cluster for sample in s.samples[key]} for s in (test, train)]
        assert not clusters[0] & clusters[1]


def test_both_are_small_enough_to_ship() -> None:
    roots = [load_suite(name).root for name in ("studio", "studio-train")]
    size = sum(file.stat().st_size for root in roots for file in root.rglob("*") if file.is_file())
    assert size <= 25_000_000


def test_the_machine_readable_description_matches(suite: Suite) -> None:
    described = json.loads((suite.root / "croissant.json").read_text("utf-8"))
    assert described["name"] == suite.manifest.name
    pinned = {entry["name"]: entry.get("sha256") for entry in described["distribution"]}
    assert pinned["suite.json"] == suite.manifest.sha256
