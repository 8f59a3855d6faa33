"""The journal: what is written stays, what is torn is cut, errors never win over results."""

import resource
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.engine.journal import Journal, merge, read_episodes, to_line
from askfirst.errors import AskFirstError, RunError
from askfirst.protocol.episode import Episode, EpisodeOutcome, from_json, to_json
from askfirst.protocol.play import Reply, play
from askfirst.protocol.protocol import PROTOCOLS
from askfirst.scenarios import scenario
from tests.tiny_suite import records

RECORDS = records()


def played(key: str, reply: str, protocol: str = "official-v1") -> Episode:
    """An episode in which everything is answered by one reply."""
    rules = scenario(key)
    playing = play(rules, rules.read(RECORDS[key][0]), PROTOCOLS[protocol])
    try:
        next(playing)
        while True:
            playing.send(Reply(reply, "ab" * 32))
    except StopIteration as stop:
        episode: Episode = stop.value
        return replace(episode, model="m", suite="tiny")


DONE = played("QD", "Boat.")
FAILED = replace(DONE, outcome=EpisodeOutcome.ERROR, error="lost", turns=())


@given(
    st.sampled_from(list(RECORDS)),
    st.text(max_size=30) | st.sampled_from(["A", "B", "Boat.", "Apple."]),
    st.sampled_from(list(PROTOCOLS)),
)
def test_an_episode_survives_its_json_form(key: str, reply: str, protocol: str) -> None:
    episode = played(key, reply, protocol)
    assert from_json(to_json(episode)) == episode


@pytest.mark.parametrize(
    ("episodes", "kept"),
    [
        ([FAILED, DONE], DONE),
        ([DONE, FAILED], DONE),
        ([FAILED, FAILED], FAILED),
        ([DONE, replace(DONE, seed=3)], replace(DONE, seed=3)),
    ],
)
def test_a_result_outlives_an_error(episodes: list[Episode], kept: Episode) -> None:
    assert merge(episodes) == {("m", "QD", 1): kept}


def test_what_is_appended_is_there_at_once_and_failures_are_not_finished(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "e.jsonl")
    journal.append(FAILED)
    assert journal.finished(DONE.key) is None
    journal.append(DONE)
    assert journal.finished(DONE.key) == DONE
    assert read_episodes(tmp_path / "e.jsonl") == [FAILED, DONE]
    journal.close()


def test_an_episode_that_the_disk_takes_in_part_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "episodes.jsonl"
    with closing(Journal(file)) as journal:
        journal.append(FAILED)
        whole = file.read_bytes()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 20, hard))
        try:
            with pytest.raises(OSError, match="too large"):
                journal.append(DONE)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert file.read_bytes() == whole
        journal.append(DONE)
    assert read_episodes(file) == [FAILED, DONE]


@pytest.mark.parametrize("torn", [b"{", b'{"schema": "askf', b"\xff\xfe", "é".encode()[:1]])
def test_a_torn_last_line_is_cut_off_before_anything_is_added(tmp_path: Path, torn: bytes) -> None:
    file = tmp_path / "e.jsonl"
    file.write_text(to_line(DONE) + "\n")
    file.write_bytes(file.read_bytes() + torn)
    other = replace(DONE, sample=2)
    journal = Journal(file)
    journal.append(other)
    journal.close()
    assert read_episodes(file) == [DONE, other]


def test_a_line_that_is_no_episode_is_an_error_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "e.jsonl"
    file.write_text(to_line(DONE) + "\n")
    file.write_bytes(file.read_bytes() + b"nonsense\n")
    with pytest.raises(RunError, match="line 2 is no episode"):
        read_episodes(file)


def test_an_episode_of_another_schema_is_refused() -> None:
    with pytest.raises(AskFirstError, match="askfirst-episode-99"):
        from_json(to_json(DONE) | {"schema": "askfirst-episode-99"})


def test_a_journal_is_put_in_order_in_one_step(tmp_path: Path) -> None:
    file = tmp_path / "e.jsonl"
    other = replace(DONE, sample=2)
    journal = Journal(file)
    for episode in (other, FAILED, DONE):
        journal.append(episode)
    journal.put_in_order([DONE.key, other.key])
    assert read_episodes(file) == [DONE, other]
    assert [entry.name for entry in tmp_path.iterdir()] == ["e.jsonl"]
