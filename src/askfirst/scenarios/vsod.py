"""VSOD: something crosses in front of the lens; ask for another moment of the video."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from askfirst.scenarios.move import Move
from askfirst.scenarios.observation import Mode
from askfirst.scenarios.picture import fill_template
from askfirst.scenarios.sample import Fields, Sample, common_fields
from askfirst.scenarios.scenario import VIDEO_CONTEXT, Scenario, State


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSample(Sample):
    """A frame of a video.

    Attributes:
        strong_occlusions: Whether the frame is occluded enough to be played at all.
    """

    strong_occlusions: bool = True

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        fields = Fields(record)
        return cls(**common_fields(fields), strong_occlusions=fields.flag("strong_occlusions"))


class VideoOcclusion(Scenario[VideoSample, int]):
    """Rewinding and waiting move one frame back and forth, around the ring of frames."""

    key = "VSOD"
    title = "a view that something crosses"
    moves = (Move.REWIND, Move.FORWARD)
    hint = (
        "Hint: If there is an occlusion, waiting for it to disappear or rewinding the video might "
        "reveal what's behind it."
    )
    context = VIDEO_CONTEXT
    sample_type = VideoSample

    def start(self, sample: VideoSample) -> int:
        return sample.first_image

    def advance(self, sample: VideoSample, cursor: int, move: Move) -> int:
        return (cursor + (1 if move is Move.FORWARD else -1)) % sample.num_images

    def restart(self, sample: VideoSample, cursor: int) -> VideoSample:
        return replace(sample, first_image=cursor)

    def path(self, sample: VideoSample, state: State[int], mode: Mode) -> str:
        image = sample.reference_image if mode.reference else state.cursor
        return fill_template(sample.image_template, image=f"{image:04d}")
