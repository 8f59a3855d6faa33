"""Tasks for inspect_ai, one a scenario: `inspect eval askfirst/rod --model …` plays them too."""

from collections.abc import Sequence

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset
from inspect_ai.dataset import Sample as InspectSample

from askfirst.engine.scorer import episode_scorer
from askfirst.engine.solver import SampleTable, play_episode
from askfirst.engine.store import NO_STORE, EpisodeStore
from askfirst.protocol.protocol import ASKFIRST_V1, Protocol
from askfirst.protocol.protocol import protocol as protocol_named
from askfirst.scenarios.sample import Sample
from askfirst.suites.selection import select, with_twins
from askfirst.suites.suite import Suite, load_suite
from askfirst.suites.verify import check_pictures


def sample_id(key: str, sample: Sample) -> str:
    """A sample's id in inspect_ai's logs: the same in every run."""
    return f"{key}-{sample.id}"


def scenario_task(
    key: str,
    samples: Sequence[Sample],
    suite: Suite,
    rules: Protocol,
    seed: int = 0,
    store: EpisodeStore = NO_STORE,
) -> Task:
    """The task that plays some samples of one scenario."""
    rows = [
        InspectSample(
            id=sample_id(key, sample),
            input=sample.prompt,
            target=sample.answer,
            metadata={"scenario": key, "sample": sample.id},
        )
        for sample in samples
    ]
    return Task(
        name=key.lower().replace("-", "_"),
        dataset=MemoryDataset(rows, name=f"{suite.manifest.name}-{key}"),
        solver=play_episode(suite, SampleTable({s.id: s for s in samples}), rules, seed, store),
        scorer=episode_scorer(),
        metadata={"suite": suite.manifest.name, "protocol": rules.name},
    )


def _standalone(key: str, suite: str, protocol: str, limit: int | None, seed: int) -> Task:
    loaded, rules = load_suite(suite), protocol_named(protocol)
    selection = select(loaded, [key], limit, seed)
    samples = (with_twins(selection) if rules.twins else selection)[key]
    check_pictures(loaded, [(key, sample) for sample in samples], rules.mode)
    return scenario_task(key, samples, loaded, rules, seed)


@task
def rod(
    suite: str = "studio",
    protocol: str = ASKFIRST_V1.name,
    limit: int | None = None,
    seed: int = 0,
) -> Task:
    """ROD: an object behind a block."""
    return _standalone("ROD", suite, protocol, limit, seed)


@task
def vsod(
    suite: str = "studio",
    protocol: str = ASKFIRST_V1.name,
    limit: int | None = None,
    seed: int = 0,
) -> Task:
    """VSOD: a view that something crosses."""
    return _standalone("VSOD", suite, protocol, limit, seed)


@task
def mvp_n(
    suite: str = "studio",
    protocol: str = ASKFIRST_V1.name,
    limit: int | None = None,
    seed: int = 0,
) -> Task:
    """MVP-N: a view that does not tell look-alikes apart."""
    return _standalone("MVP-N", suite, protocol, limit, seed)


@task
def in_c(
    suite: str = "studio",
    protocol: str = ASKFIRST_V1.name,
    limit: int | None = None,
    seed: int = 0,
) -> Task:
    """IN-C: a photograph of poor quality."""
    return _standalone("IN-C", suite, protocol, limit, seed)


@task
def qd(
    suite: str = "studio",
    protocol: str = ASKFIRST_V1.name,
    limit: int | None = None,
    seed: int = 0,
) -> Task:
    """QD: a drawing that has hardly begun."""
    return _standalone("QD", suite, protocol, limit, seed)


@task
def cit(
    suite: str = "studio",
    protocol: str = ASKFIRST_V1.name,
    limit: int | None = None,
    seed: int = 0,
) -> Task:
    """CIT: a tutorial before its telling moment."""
    return _standalone("CIT", suite, protocol, limit, seed)


@task
def coco(
    suite: str = "studio",
    protocol: str = ASKFIRST_V1.name,
    limit: int | None = None,
    seed: int = 0,
) -> Task:
    """COCO: a crop that misses the object."""
    return _standalone("COCO", suite, protocol, limit, seed)
