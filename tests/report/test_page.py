"""The page, in a real browser."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, Page, expect

from askfirst.protocol.episode import Episode, EpisodeOutcome
from askfirst.report.write import write_report
from tests.report.conftest import HOSTILE, MODELS, RESAMPLES, Visit, opened, see_everything


def column(page: Page, place: int) -> list[float]:
    """The numbers of a column of the table in view, from above."""
    cells = page.locator(f'[data-scope="macro"] tbody tr > *:nth-child({place})').all()
    return [float(cell.get_attribute("data-value") or "nan") for cell in cells]


@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_without_complaint_and_asks_nothing_of_anybody(
    browser: Browser, page_file: Path, width: int, scheme: str
) -> None:
    with opened(browser, page_file.as_uri(), width) as visit:
        visit.page.emulate_media(color_scheme=scheme)
        see_everything(visit.page)
        assert visit.complaints == []
        assert [url for url in visit.requests if not url.startswith("data:")] == [
            page_file.as_uri()
        ]
        # Wide things scroll within themselves.
        assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_its_policy_forbids_requests_and_foreign_scripts(visit: Visit) -> None:
    policy = visit.page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute(
        "content"
    )
    assert "default-src 'none'" in policy
    scripts = next(part for part in policy.split(";") if "script-src" in part)
    assert re.fullmatch(r"\s*script-src( 'sha256-[A-Za-z0-9+/=]+'){3}", scripts)
    blocked = """async () => {
        const refused = new Promise((done) => document.addEventListener(
            "securitypolicyviolation", (event) => done(event.violatedDirective)));
        fetch("https://example.org/").catch(() => {});
        return await refused;
    }"""
    assert visit.page.evaluate(blocked) == "connect-src"
    visit.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.intruder = true";
            document.body.append(script);
        }"""
    )
    assert visit.page.evaluate("window.intruder") is None


def test_what_a_model_wrote_stays_text(visit: Visit) -> None:
    expect(visit.page.locator(".reply").first).to_have_text(HOSTILE)
    assert visit.page.locator(".reply img, .reply script").count() == 0
    assert visit.dialogs == []
    assert visit.page.locator("img[src='x']").count() == 0


def test_a_click_on_a_title_sorts_and_another_one_turns_the_order(visit: Visit) -> None:
    header = visit.page.locator('[data-scope="macro"] thead th', has_text="interventions")
    place = 1 + header.evaluate("cell => [...cell.parentNode.children].indexOf(cell)")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    downwards = column(visit.page, place)
    assert downwards == sorted(downwards, reverse=True)
    assert len(set(downwards)) > 1
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert column(visit.page, place) == sorted(downwards)


def test_another_scope_and_all_columns_can_be_shown(visit: Visit) -> None:
    visit.page.select_option("#scope", "IN-C")
    shown = visit.page.locator("[data-scope]:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_have_attribute("data-scope", "IN-C")
    before = shown.locator("thead th:visible").count()
    visit.page.select_option("#columns", "all")
    assert shown.locator("thead th:visible").count() > before


def test_filters_change_what_is_shown(visit: Visit, episodes: list[Episode]) -> None:
    place = visit.page.locator("#strip-place")
    expect(place).to_have_text(f"Episode 1 of {len(episodes)}")
    visit.page.select_option("#filter-model", MODELS[2])
    visit.page.select_option("#filter-scenario", "QD")
    visit.page.select_option("#filter-outcome", "correct_after_asking")
    found = [
        e
        for e in episodes
        if e.model == MODELS[2]
        and e.scenario == "QD"
        and e.outcome is EpisodeOutcome.CORRECT_AFTER_ASKING
    ]
    expect(place).to_have_text(f"Episode 1 of {len(found)}")
    expect(visit.page.locator("#strip-about")).to_contain_text(f"{MODELS[2]} · QD · sample")
    visit.page.select_option("#filter-outcome", "error")
    expect(place).to_have_text("No episode")
    visit.page.click("#filter-clear")
    expect(place).to_have_text(f"Episode 1 of {len(episodes)}")


def test_a_film_strip_shows_every_turn_and_pages(visit: Visit, episodes: list[Episode]) -> None:
    page = visit.page
    page.select_option("#filter-model", MODELS[2])
    page.select_option("#filter-scenario", "ROD")
    page.select_option("#filter-outcome", "correct_after_asking")
    found = [
        e
        for e in episodes
        if e.model == MODELS[2] and e.scenario == "ROD" and e.num_turns > 1 and e.correct
    ]
    frames = page.locator("#film .frame")
    expect(frames).to_have_count(found[0].num_turns)
    for frame, turn in zip(frames.all(), found[0].turns, strict=True):
        frame.scroll_into_view_if_needed()
        expect(frame.locator("img")).to_have_js_property("naturalWidth", 64)
        expect(frame.locator(".options li")).to_have_count(len(turn.options))
        expect(frame.locator(".options .chosen")).to_contain_text(turn.options[turn.choice].text)
        expect(frame.locator(".reply")).to_have_text(turn.reply)
        expect(frame.locator(".readings")).to_contain_text("official")
        expect(frame.locator(".readings")).to_contain_text("robust-v1")
    expect(frames.last.locator(".next")).to_have_text("■ right after asking")
    page.get_by_role("button", name="Next episode").click()
    expect(page.locator("#strip-place")).to_have_text(f"Episode 2 of {len(found)}")
    page.get_by_role("button", name="Previous episode").click()
    expect(page.locator("#strip-place")).to_have_text(f"Episode 1 of {len(found)}")


def test_arrow_keys_go_turn_by_turn_and_on_to_the_next_episode(
    visit: Visit, episodes: list[Episode]
) -> None:
    page = visit.page
    page.select_option("#filter-model", MODELS[2])
    page.select_option("#filter-scenario", "ROD")
    page.select_option("#filter-outcome", "correct_after_asking")
    page.focus("#film")
    current = page.locator(".frame.current h4")
    turns = page.locator("#film .frame").count()
    expect(current).to_contain_text("Turn 1 of")
    page.keyboard.press("ArrowRight")
    expect(current).to_contain_text("Turn 2 of")
    for _ in range(turns - 1):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#strip-place")).to_contain_text("Episode 2 of")
    page.keyboard.press("ArrowLeft")
    expect(current).to_contain_text(f"Turn {turns} of {turns}")
    page.keyboard.press("PageDown")
    expect(page.locator("#strip-place")).to_contain_text("Episode 2 of")


def test_ground_truth_is_shown_on_demand_only(visit: Visit) -> None:
    truths = visit.page.locator("#film .options .truth")
    expect(truths.first).to_be_hidden()
    expect(visit.page.locator("#strip-answer")).to_be_hidden()
    button = visit.page.get_by_role("button", name="Show ground truth")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(truths.first).to_be_visible()
    expect(visit.page.locator("#strip-answer")).to_contain_text("The right answer:")


def test_a_number_leads_to_the_episodes_that_it_counts(
    visit: Visit, episodes: list[Episode]
) -> None:
    """For every plain proportion of episodes: link, then count, then compare with the number."""
    page = visit.page
    page.select_option("#scope", "micro")
    page.select_option("#columns", "all")
    table = page.locator('[data-scope="micro"]')
    titles = [text.split("\n")[0].strip() for text in table.locator("thead th").all_inner_texts()]
    for title in ("accuracy %", "ask recall %", "false-ask rate %", "asks first %", "abstained %"):
        place = next(i for i, text in enumerate(titles) if text == title) + 1
        for row in table.locator("tbody tr").all():
            cell = row.locator(f"> *:nth-child({place})")
            counted = int(re.search(r"n = (\d+)", cell.get_attribute("title")).group(1))
            share = float(cell.get_attribute("data-value"))
            link = cell.locator("a")
            link.click()
            shown = page.locator("#strip-place").inner_text()
            number = int(shown.split(" of ")[1]) if " of " in shown else 0
            assert number == round(share * counted / 100), (title, link.get_attribute("href"))
            wanted = dict(parse_qsl(link.get_attribute("href").split("?")[1]))
            assert page.locator("#filter-model").input_value() == wanted["model"]


def test_a_piece_of_a_bar_leads_to_its_episodes(visit: Visit, episodes: list[Episode]) -> None:
    page = visit.page
    page.locator("#outcomes").scroll_into_view_if_needed()
    bar = page.locator("#outcomes svg a").first
    described = bar.locator("title").text_content()
    bar.click()
    count = int(re.search(r", (\d+) of", described).group(1))
    expect(page.locator("#strip-place")).to_have_text(f"Episode 1 of {count}")


def test_an_address_brings_back_what_was_shown(browser: Browser, page_file: Path) -> None:
    address = f"{page_file.as_uri()}#episodes?scenario=COCO&at=3"
    with opened(browser, address) as visit:
        expect(visit.page.locator("#strip-place")).to_contain_text("Episode 3 of")
        expect(visit.page.locator("#filter-scenario")).to_have_value("COCO")


def test_pictures_beside_the_page_are_shown(
    browser: Browser,
    run_folder: Path,
    tiny_suite: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("askfirst.report.pictures.MOST_EMBEDDED", 1)
    made = write_report([run_folder], tmp_path / "page.html", suite=tiny_suite, resamples=RESAMPLES)
    with opened(browser, made.file.as_uri()) as visit:
        image = visit.page.locator("#film img").first
        image.scroll_into_view_if_needed()
        # As wide as in the tiny suite, once the browser has found time to load it.
        expect(image).to_have_js_property("naturalWidth", 64, timeout=30_000)
        assert visit.complaints == []
