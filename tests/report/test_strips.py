"""The short form of episodes."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from askfirst.protocol.episode import Episode
from askfirst.report.pictures import Pictures
from askfirst.report.runs import read_run
from askfirst.report.strips import _place, shorten, strips


@given(st.text(max_size=60), st.integers(2, 40))
def test_a_short_text_stays_and_a_long_one_keeps_both_ends(text: str, longest: int) -> None:
    short, kept, _ = shorten(text, longest)
    if len(text) <= longest:
        assert short == text
    else:
        assert short.startswith(text[:kept])
        assert short.endswith(text[-kept:])
        assert kept == longest // 2


@given(st.text("abcdef", min_size=1, max_size=60), st.integers(2, 40), st.data())
def test_a_span_still_marks_its_words_unless_they_were_left_out(
    text: str, longest: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    short, kept, moved = shorten(text, longest)
    place = _place((start, end), kept, moved, len(text))
    if place is None:
        assert end > kept
        assert start < len(text) - kept
    else:
        assert short[place[0] : place[1]] == text[start:end]


def test_every_episode_can_be_put_together_again(run_folder: Path, episodes: list[Episode]) -> None:
    run = read_run(run_folder)
    shown = {t.image_sha256: f"data:{t.image_sha256}" for e in episodes for t in e.turns}
    data = json.loads(json.dumps(strips(run, Pictures(shown))))
    assert len(data["episodes"]) == len(episodes)
    for short, episode in zip(data["episodes"], episodes, strict=True):
        assert run.models[short["model"]] == episode.model
        assert run.scenarios[short["scenario"]] == episode.scenario
        assert short["outcome"] == episode.outcome.value
        for brief, turn in zip(short["turns"], episode.turns, strict=True):
            assert data["texts"][brief["reply"]] == turn.reply
            assert data["texts"][brief["prompt"]] == turn.prompt
            assert data["pictures"][brief["picture"]] == f"data:{turn.image_sha256}"
            assert data["options"][brief["options"]] == [
                [o.text, o.kind.value, int(o.valid)] for o in turn.options
            ]
            assert [r[:3] for r in brief["readings"]] == [
                [name, r.status.value, r.index] for name, r in turn.readings.items()
            ]


def test_pictures_and_texts_are_stored_once(run_folder: Path, episodes: list[Episode]) -> None:
    shown = {t.image_sha256: f"data:{t.image_sha256}" for e in episodes for t in e.turns}
    data = strips(read_run(run_folder), Pictures(shown))
    assert len(data["pictures"]) == len(shown)
    assert len(set(data["texts"])) == len(data["texts"])
