"""Suites are believed only after they have been checked."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from askfirst.errors import RunError, SuiteError, UnknownName
from askfirst.scenarios import Crop, Mode, Picture, Resize
from askfirst.suites import check_pictures, encode_picture, load_suite, open_picture, select
from askfirst.suites.suite import Suite
from askfirst.suites.verify import picture_problem, shown_pictures
from tests.tiny_suite import rewrite_manifest


def check_all(suite: Suite) -> None:
    check_pictures(suite, [(k, s) for k, group in suite.samples.items() for s in group], Mode())


def manifest(root: Path) -> dict[str, dict[str, dict[str, object]]]:
    loaded: dict[str, dict[str, dict[str, object]]] = json.loads((root / "suite.json").read_text())
    return loaded


def test_a_whole_suite_loads_in_the_papers_order(tiny_suite: Path) -> None:
    suite = load_suite(str(tiny_suite))
    check_all(suite)
    assert list(suite.samples) == ["ROD", "VSOD", "MVP-N", "IN-C", "QD", "CIT", "COCO"]
    assert {len(group) for group in suite.samples.values()} == {2}


def test_an_unknown_suite_says_what_there_is() -> None:
    with pytest.raises(UnknownName, match="give studio or studio-train, or the path"):
        load_suite("no-such-suite")


def delete(root: Path) -> None:
    (root / "qd/0001.webp").unlink()


def flip_one_byte(root: Path) -> None:
    file = root / "qd/0001.webp"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(bytes(content))


def link_outwards(root: Path) -> None:
    file = root / "qd/0001.webp"
    outside = root.parent / "outside.webp"
    file.rename(outside)
    file.symlink_to(outside)


def rename_outwards(root: Path) -> None:
    pictures = manifest(root)["pictures"]
    pictures["../outside.webp"] = pictures["qd/0001.webp"]
    rewrite_manifest(root, pictures=pictures)


def state_another_size(root: Path) -> None:
    pictures = manifest(root)["pictures"]
    pictures["qd/0001.webp"]["size"] = [10, 10]
    rewrite_manifest(root, pictures=pictures)


def leave_out_of_manifest(root: Path) -> None:
    pictures = manifest(root)["pictures"]
    del pictures["qd/0001.webp"]
    rewrite_manifest(root, pictures=pictures)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (delete, "0001.webp is missing"),
        (flip_one_byte, "0001.webp is broken"),
        (link_outwards, "leads out of the suite's folder"),
        (rename_outwards, "not a path inside the suite's folder"),
        (state_another_size, r"0001.webp is \(64, 48\), not \(10, 10\) pixels"),
        (leave_out_of_manifest, "not in the manifest"),
    ],
)
def test_a_damaged_picture_is_named(
    own_suite: Path, damage: Callable[[Path], None], message: str
) -> None:
    damage(own_suite)
    with pytest.raises(SuiteError, match=message):
        check_all(load_suite(str(own_suite)))


def test_a_damaged_picture_is_found_even_if_the_selection_cannot_show_it(own_suite: Path) -> None:
    flip_one_byte(own_suite)
    suite = load_suite(str(own_suite))
    with pytest.raises(SuiteError, match=r"0001\.webp is broken"):
        check_pictures(suite, [("ROD", suite.samples["ROD"][0])], Mode())


def test_several_damaged_pictures_are_counted(own_suite: Path) -> None:
    for name in ("rod/0.webp", "rod/1.webp", "cit/4.webp"):
        (own_suite / name).unlink()
    with pytest.raises(SuiteError, match=r"\(and \d+ more\)"):
        check_all(load_suite(str(own_suite)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not JSON"),
        ("[]", "not a manifest"),
        ('{"format": "askfirst-suite-9"}', "not a manifest of format"),
        ('{"format": "askfirst-suite-1", "name": "x"}', "incomplete"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    own_suite: Path, content: str, message: str
) -> None:
    (own_suite / "suite.json").write_text(content)
    with pytest.raises(SuiteError, match=message):
        load_suite(str(own_suite))


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("QD.jsonl", "broken"),
        ("/etc/passwd", "not a path inside"),
        ("a/../../b", "not a path inside"),
        ("C:\\x", "not a path inside"),
        ("gone.jsonl", "missing"),
    ],
)
def test_record_files_are_pinned_and_stay_inside(own_suite: Path, path: str, message: str) -> None:
    samples = manifest(own_suite)["samples"]
    samples["QD"] |= {"file": path, "sha256": "0" * 64}
    rewrite_manifest(own_suite, samples=samples)
    with pytest.raises(SuiteError, match=message):
        load_suite(str(own_suite))


def test_every_picture_an_episode_can_show_is_found(tiny_suite: Path) -> None:
    suite = load_suite(str(tiny_suite))
    shown = {
        key: len(shown_pictures([(key, group[0])], Mode())) for key, group in suite.samples.items()
    }
    assert shown == {"ROD": 14, "VSOD": 5, "MVP-N": 3, "IN-C": 4, "QD": 3, "CIT": 3, "COCO": 1}


def test_views_are_cut_and_scaled_and_sent_without_loss(tiny_suite: Path) -> None:
    suite = load_suite(str(tiny_suite))
    whole = open_picture(suite, Picture("coco/room.webp"))
    cut = open_picture(suite, Picture("coco/room.webp", Crop(-4.4, 0, 10.6, 20)))
    scaled = open_picture(suite, Picture("coco/room.webp", Resize(24)))
    assert (whole.size, cut.size, scaled.size) == ((64, 48), (15, 20), (32, 24))
    assert cut.getpixel((0, 0)) == (0, 0, 0)
    assert cut.getpixel((5, 5)) == whole.getpixel((0, 0))


def test_an_untouched_picture_is_sent_as_its_file(tiny_suite: Path) -> None:
    suite = load_suite(str(tiny_suite))
    sent = encode_picture(suite, Picture("coco/room.webp"))
    assert sent.content == (tiny_suite / "coco/room.webp").read_bytes()
    assert (sent.media_type, sent.sha256) == (
        "image/webp",
        suite.manifest.pictures["coco/room.webp"].sha256,
    )
    assert encode_picture(suite, Picture("coco/room.webp", Resize(24))).media_type == "image/png"


def test_what_only_pretends_to_be_a_picture_is_a_problem(own_suite: Path) -> None:
    import hashlib

    (own_suite / "qd/0001.webp").write_bytes(b"<svg onload=alert(1)>")
    pictures = manifest(own_suite)["pictures"]
    pictures["qd/0001.webp"]["sha256"] = hashlib.sha256(b"<svg onload=alert(1)>").hexdigest()
    rewrite_manifest(own_suite, pictures=pictures)
    problem = picture_problem(load_suite(str(own_suite)), "qd/0001.webp")
    assert problem is not None
    assert "is not a WEBP, PNG, JPEG file" in problem


def test_a_limited_selection_is_the_same_for_the_same_seed(tiny_suite: Path) -> None:
    suite = load_suite(str(tiny_suite))
    chosen = [select(suite, limit=1, seed=seed) for seed in (0, 0, 1, 2, 3, 4, 5)]
    assert chosen[0] == chosen[1]
    assert any(other != chosen[0] for other in chosen[2:])
    assert {len(group) for group in chosen[0].values()} == {1}


def test_an_empty_selection_is_an_error(own_suite: Path) -> None:
    import hashlib

    (own_suite / "QD.jsonl").write_text("")
    empty = {"file": "QD.jsonl", "n": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    rewrite_manifest(own_suite, samples={"QD": empty})
    suite = load_suite(str(own_suite))
    with pytest.raises(RunError, match="selection is empty"):
        select(suite)
    with pytest.raises(RunError, match="has no scenario ROD; it has QD"):
        select(suite, ["ROD"])


def test_hardly_occluded_videos_are_left_out_and_counted(own_suite: Path) -> None:
    import hashlib

    file = own_suite / "VSOD.jsonl"
    first, second = file.read_text().splitlines()
    weak = json.dumps(json.loads(second) | {"strong_occlusions": False})
    file.write_text(f"{first}\n{weak}\n")
    samples = manifest(own_suite)["samples"]
    samples["VSOD"]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    rewrite_manifest(own_suite, samples=samples)
    suite = load_suite(str(own_suite))
    assert (len(suite.samples["VSOD"]), suite.skipped["VSOD"]) == (1, 1)


def test_pixels_are_compared_not_files(tmp_path: Path) -> None:
    from askfirst.suites import pixel_sha256

    image = Image.effect_noise((20, 10), 50).convert("RGB")
    image.save(tmp_path / "a.png")
    image.save(tmp_path / "a.webp", lossless=True, quality=10)
    digests = {pixel_sha256(Image.open(tmp_path / name)) for name in ("a.png", "a.webp")}
    assert digests == {pixel_sha256(image)}
    assert pixel_sha256(image.transpose(Image.Transpose.ROTATE_90)) not in digests
