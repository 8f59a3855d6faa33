"use strict";
/* The page of a report. Everything comes from the JSON block #report-data; nothing is fetched.
   What a model wrote is only ever set as text (textContent), never as HTML. */
(() => {
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const { models, scenarios, outcomes, strips } = data;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  function element(tag, properties = {}, ...children) {
    const { className, dataset, ...rest } = properties;
    const made = document.createElement(tag);
    if (className) made.className = className;
    Object.assign(made.dataset, dataset);
    for (const [name, value] of Object.entries(rest)) made.setAttribute(name, value);
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  }

  // ---------------------------------------------------------------- which episodes are meant

  const FIELDS = ["model", "scenario", "outcome", "first", "asked", "twins", "parsers", "sample"];
  const RIGHT = new Set(["correct_now", "correct_after_asking"]);
  const WRONG = new Set(["wrong_now", "wrong_after_asking"]);

  const asks = (turn) => turn.choice !== null && strips.options[turn.options][turn.choice][1] === "action";
  const disagree = (turn) => new Set(turn.readings.map((reading) => reading[2])).size > 1;

  for (const episode of strips.episodes) {
    const first = episode.turns[0];
    episode.modelName = models[episode.model].name;
    episode.scenarioKey = scenarios[episode.scenario];
    episode.first = !first || first.sufficient === null ? "unknown" : first.sufficient ? "sufficient" : "insufficient";
    episode.askedFirst = Boolean(first) && asks(first);
    episode.asks = episode.turns.filter(asks).length;
    episode.differ = episode.turns.some(disagree);
  }

  const TESTS = {
    model: (episode, value) => episode.modelName === value,
    scenario: (episode, value) => episode.scenarioKey === value,
    outcome: (episode, value) =>
      value === "right" ? RIGHT.has(episode.outcome)
      : value === "wrong" ? WRONG.has(episode.outcome)
      : value === "not-right" ? !RIGHT.has(episode.outcome)
      : value === "scored" ? episode.outcome !== "error"
      : episode.outcome === value,
    first: (episode, value) => episode.first === value,
    asked: (episode, value) =>
      value === "first" ? episode.askedFirst
      : value === "not-first" ? !episode.askedFirst
      : value === "ever" ? episode.asks > 0
      : value === "needlessly" ? episode.turns.some((turn) => turn.sufficient && asks(turn))
      : episode.asks === 0,
    twins: (episode, value) => (value === "yes") === (episode.twin !== null),
    parsers: (episode, value) => (value === "differ") === episode.differ,
    sample: (episode, value) => String(episode.sample) === value,
  };

  function select(query) {
    const tests = FIELDS.filter((field) => query.get(field)).map((field) => [TESTS[field], query.get(field)]);
    return strips.episodes.filter((episode) => tests.every(([test, value]) => test(episode, value)));
  }

  const link = (query) => `#episodes?${new URLSearchParams(query)}`;
  const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

  /* Links tell how many episodes they lead to; counted when somebody is about to follow one. */
  function tellCount(event) {
    const anchor = event.target.closest?.('a[href^="#episodes?"]');
    if (!anchor || anchor.namespaceURI.endsWith("svg") || anchor.title) return;
    const found = select(new URLSearchParams(anchor.getAttribute("href").split("?")[1])).length;
    anchor.title = `Show ${found === 1 ? "this" : "these"} ${plural(found, "episode")}`;
  }
  document.addEventListener("pointerover", tellCount);
  document.addEventListener("focusin", tellCount);

  // ---------------------------------------------------------------- tables

  function sortTable(header) {
    const table = header.closest("table");
    const column = [...header.parentNode.children].indexOf(header);
    const before = header.getAttribute("aria-sort");
    const start = header.dataset.first;
    const order = before === "none" ? start : before === "descending" ? "ascending" : "descending";
    for (const other of $$("th[aria-sort]", table)) other.setAttribute("aria-sort", "none");
    header.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const value = (row) => {
      const text = row.children[column].dataset.value;
      return text === undefined ? row.children[column].textContent : text === "" ? null : Number(text);
    };
    const compare = (a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === null || y === null) return (x === null) - (y === null); // the undefined goes last
      return sign * (typeof x === "string" ? x.localeCompare(y, "en") : x - y);
    };
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort(compare));
  }
  for (const header of $$("th[aria-sort]")) $("button", header).addEventListener("click", () => sortTable(header));

  function showScope() {
    const scope = $("#scope").value;
    const all = $("#columns").value === "all";
    for (const table of $$("[data-scope]")) table.hidden = table.dataset.scope !== scope;
    for (const cell of $$("[data-more]")) cell.hidden = !all;
  }
  for (const control of $$("#scope, #columns")) control.addEventListener("change", showScope);
  showScope();

  // ---------------------------------------------------------------- charts

  const colour = new Map(models.map((model) => [model.name, model.colour]));
  const outcomeNames = outcomes.map((outcome) => outcome.name);
  const outcomeTitle = new Map(outcomes.map((outcome) => [outcome.name, outcome.title]));
  const outcomeColour = new Map(outcomes.map((outcome) => [outcome.name, outcome.colour]));
  const number = (value, digits = 1) => (value === null ? "–" : value.toFixed(digits));
  const interval = (e, digits = 1) =>
    e.value === null ? "undefined" : e.low === null ? number(e.value, digits)
    : `${number(e.value, digits)} (${number(e.low, digits)} to ${number(e.high, digits)})`;
  const short = (name, most = 26) => (name.length > most ? `…${name.slice(1 - most)}` : name);
  const longest = Math.max(...models.map((model) => model.name.length));
  const LETTER = 6.7; // pixels of a letter of the names beside bars

  /* Room for the names of models beside a chart, and the names as they fit there. */
  function names(width) {
    const most = Math.min(longest, 26, Math.floor((0.42 * width) / LETTER));
    return { margin: 16 + LETTER * most, fit: (name) => short(name, most) };
  }

  /* A chart is drawn when it comes into view, and again when its width changes. */
  const drawers = new Map();
  const redraw = (place) => {
    const width = Math.floor(place.clientWidth);
    if (!width) return;
    place.drawnWidth = width;
    place.replaceChildren(drawers.get(place)(width));
  };
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      redraw(target);
      resized.observe(target);
    }
  }, { rootMargin: "300px" });
  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) if (Math.abs(target.clientWidth - target.drawnWidth) > 8) redraw(target);
  });
  function chart(place, draw) {
    drawers.set(place, draw);
    seen.observe(place);
  }

  const nothing = (text) => element("p", { className: "soft" }, text);
  const plot = (options) => Plot.plot({ style: { fontSize: "12px" }, ...options });

  /* Shares of the nine outcomes, one bar a model; each piece leads to its episodes. */
  function outcomeBars(width, scenario) {
    const played = strips.episodes.filter((episode) => episode.twin === null && (!scenario || episode.scenarioKey === scenario));
    const totals = d3.rollup(played, (group) => group.length, (episode) => episode.modelName);
    const pieces = d3.flatRollup(played, (group) => group.length, (e) => e.modelName, (e) => e.outcome)
      .map(([model, outcome, count]) => ({ model, outcome, count, share: (100 * count) / totals.get(model) }));
    const described = (d) => `${d.model}: ${outcomeTitle.get(d.outcome)}, ${d.count} of ${totals.get(d.model)} (${number(d.share)} %)`;
    const { margin, fit } = names(width);
    const stack = {
      y: "model", x: "share", order: outcomeNames, z: "outcome",
      href: (d) => link({ model: d.model, outcome: d.outcome, twins: "no", ...(scenario && { scenario }) }),
    };
    return plot({
      width, height: 34 + 26 * totals.size, marginLeft: margin, marginTop: 4, marginRight: 12, marginBottom: 28,
      x: { domain: [0, 100], label: null, tickFormat: (d) => `${d} %`, ticks: width < 460 ? 2 : 5 },
      y: { domain: models.map((m) => m.name).filter((name) => totals.has(name)), label: null, tickFormat: fit, padding: 0.22, tickSize: 0 },
      color: { domain: outcomeNames, range: outcomes.map((outcome) => outcome.colour) },
      marks: [
        Plot.barX(pieces, { ...stack, fill: "outcome", title: described, ariaLabel: described, inset: 0.5, rx: 1.5 }),
        Plot.text(pieces, Plot.stackX({
          ...stack, text: (d) => (d.share * (width - margin) > 3400 ? Math.round(d.share) : ""),
          fill: (d) => (outcomes.find((outcome) => outcome.name === d.outcome).dark ? "white" : "black"),
          pointerEvents: "none",
        })),
      ],
    });
  }

  /* One measure with its interval, one line a model. */
  function intervalDots(width, scope, key) {
    const measure = data.measures.find((one) => one.key === key);
    const rows = models.map((model) => ({ model: model.name, ...data.estimates[scope]?.[model.name]?.[key] }))
      .filter((row) => row.value !== undefined && row.value !== null);
    if (!rows.length) return nothing("No value: the suite or the protocol does not define it.");
    const described = (d) => `${d.model}: ${measure.title} ${interval(d)}, n = ${d.n}`;
    const percent = measure.unit === "%";
    const { margin, fit } = names(width);
    return plot({
      width, height: 34 + 22 * rows.length, marginLeft: margin, marginTop: 4, marginRight: 16, marginBottom: 28,
      x: { label: null, grid: true, ...(percent && { domain: [Math.min(0, d3.min(rows, (d) => d.low ?? d.value)), 100] }), nice: !percent, ticks: width < 460 ? 3 : 5 },
      y: { domain: rows.map((row) => row.model), label: null, tickFormat: fit, tickSize: 0 },
      marks: [
        Plot.ruleY(rows.filter((row) => row.low !== null), { y: "model", x1: "low", x2: "high", stroke: (d) => colour.get(d.model), strokeWidth: 2.5, strokeOpacity: 0.55 }),
        Plot.dot(rows, {
          y: "model", x: "value", r: 4.5, fill: (d) => colour.get(d.model), title: described, ariaLabel: described,
          href: (d) => link({ model: d.model, ...(scenarios.includes(scope) && { scenario: scope }) }),
        }),
      ],
    });
  }

  const isBaseline = new Map(models.map((model) => [model.name, model.baseline]));

  /* Names beside points: one for points that lie together, and moved down where two would overlap. */
  function pointLabels(points, { xAt, yAt }) {
    const [middle, lineHeight] = [d3.mean(xAt.range()), 13];
    const near = d3.groups(points, (d) => `${Math.round(xAt(d.x.value) / 8)} ${Math.round(yAt(d.y.value) / 8)}`);
    const placed = [];
    for (const [, group] of d3.sort(near, ([, group]) => yAt(group[0].y.value))) {
      const [x, y] = [group[0].x.value, group[0].y.value];
      const text = group.map((d) => short(d.model.replace("baseline/", ""), 20)).join(", ");
      const anchor = xAt(x) > middle + 40 ? "end" : "start";
      const dx = anchor === "end" ? -10 : 10;
      const from = xAt(x) + dx - (anchor === "end" ? LETTER * text.length : 0);
      const box = { from, to: from + LETTER * text.length, at: yAt(y) + (yAt(y) < yAt.range()[1] + 20 ? 11 : -10) };
      const overlapping = (other) => box.from < other.to && other.from < box.to && Math.abs(box.at - other.at) < lineHeight;
      for (let hit = placed.find(overlapping); hit; hit = placed.find(overlapping)) box.at = hit.at + lineHeight;
      placed.push(box);
      Object.assign(box, { x, y, text, anchor, dx, dy: box.at - yAt(y) });
    }
    return placed;
  }

  /* Two measures against each other with both intervals; baselines are hollow. */
  function scatter(width, scope, xKey, yKey) {
    const [x, y] = [xKey, yKey].map((key) => data.measures.find((one) => one.key === key));
    if (!x || !y) return nothing("These runs do not define it.");
    const points = models.map((model) => ({ model: model.name, x: data.estimates[scope]?.[model.name]?.[xKey], y: data.estimates[scope]?.[model.name]?.[yKey] }))
      .filter((d) => typeof d.x?.value === "number" && typeof d.y?.value === "number");
    if (!points.length) return nothing("No value: the suite or the protocol does not define it.");
    const described = (d) => `${d.model}\n${x.title}: ${interval(d.x, x.unit === "%" ? 1 : 2)}\n${y.title}: ${interval(d.y, y.unit === "%" ? 1 : 2)}`;
    const stroke = (d) => colour.get(d.model);
    const height = Math.min(420, Math.max(280, width * 0.62));
    const margins = { marginLeft: 48, marginBottom: 42, marginTop: 24, marginRight: 24 };
    const extent = (measure, of) => [0, measure.unit === "%" ? 100 : 1.05 * (d3.max(points, (d) => of(d).high ?? of(d).value) || 1)];
    const [xDomain, yDomain] = [extent(x, (d) => d.x), extent(y, (d) => d.y)];
    const axis = (measure, domain) => ({ label: `${measure.title}${measure.unit ? ` (${measure.unit})` : ""}`, grid: true, domain });
    const labels = pointLabels(points, {
      xAt: d3.scaleLinear(xDomain, [margins.marginLeft, width - margins.marginRight]),
      yAt: d3.scaleLinear(yDomain, [height - margins.marginBottom, margins.marginTop]),
    });
    return plot({
      width, height, ...margins, x: axis(x, xDomain), y: axis(y, yDomain),
      marks: [
        Plot.ruleX(points, { x: (d) => d.x.value, y1: (d) => d.y.low, y2: (d) => d.y.high, stroke, strokeOpacity: 0.5, strokeWidth: 1.5 }),
        Plot.ruleY(points, { y: (d) => d.y.value, x1: (d) => d.x.low, x2: (d) => d.x.high, stroke, strokeOpacity: 0.5, strokeWidth: 1.5 }),
        Plot.dot(points, {
          x: (d) => d.x.value, y: (d) => d.y.value, r: 6, stroke, strokeWidth: 2,
          fill: (d) => (isBaseline.get(d.model) ? "var(--card)" : colour.get(d.model)),
          title: described, ariaLabel: described,
          href: (d) => link({ model: d.model, ...(scenarios.includes(scope) && { scenario: scope }) }),
        }),
        ...labels.map((label) => Plot.text([label], { x: "x", y: "y", text: "text", pointerEvents: "none", textAnchor: label.anchor, dx: label.dx, dy: label.dy })),
      ],
    });
  }

  /* Lines with bands over a common x; `curve` gives the rows of a model. */
  function lines(width, { rows, dots = [], x, y }) {
    if (!rows.length && !dots.length) return nothing("No curve: the suite or the protocol does not define it.");
    const at = (d) => colour.get(d.model);
    const lineOf = (baseline) => Plot.line(rows.filter((d) => isBaseline.get(d.model) === baseline), {
      x: "x", y: "value", z: "series", stroke: at, strokeWidth: 2,
      strokeDasharray: baseline ? "5 3" : null,
    });
    return plot({
      width, height: Math.min(380, Math.max(260, width * 0.6)), marginLeft: 48, marginBottom: 42, marginTop: 24, marginRight: 20,
      x: { grid: true, ...x }, y: { grid: true, ...y },
      marks: [
        Plot.areaY(rows.filter((d) => d.low !== null), { x: "x", y1: "low", y2: "high", z: "series", fill: at, fillOpacity: 0.12 }),
        lineOf(true), lineOf(false),
        Plot.dot(dots, { x: "x", y: "value", r: (d) => 2 + Math.sqrt(d.n) / 4, stroke: at, strokeOpacity: 0.8, title: (d) => `${d.model}: ${number(d.value, 2)} of ${plural(d.n, "turn")}` }),
        Plot.tip(rows, Plot.pointer({ x: "x", y: "value", title: (d) => `${d.model}\n${d.title}`, fill: "var(--card)", stroke: "var(--line)" })),
      ],
    });
  }

  function overCost(width, scope, curves, word) {
    const rows = models.flatMap((model) => (curves[scope]?.[model.name] ?? []).map((point) => ({
      ...point, model: model.name, series: model.name, x: point.cost, title: `cost ${point.cost}: ${word} ${interval(point, 3)}`,
    })));
    return lines(width, { rows: rows.filter((d) => d.value !== null), x: { label: "cost of one ask" }, y: { label: `${word} an episode` } });
  }

  function evidence(width, scope, curves, word) {
    const of = (model) => curves[scope]?.[model.name];
    const rows = models.flatMap((model) => (of(model)?.fitted ?? []).map((point) => ({
      ...point, model: model.name, series: model.name, x: point.evidence,
      title: `evidence ${number(point.evidence, 2)}: ${word} ${interval(point, 2)}`,
    })));
    const dots = models.flatMap((model) => (of(model)?.points ?? []).map((point) => ({ ...point, model: model.name, x: point.evidence })));
    return lines(width, { rows: rows.filter((d) => d.value !== null), dots, x: { label: "evidence shown", domain: [0, 1] }, y: { label: word, domain: [0, 1] } });
  }

  const curveScope = $("#curve-scope");
  const CHARTS = {
    "outcomes": (width, { scenario }) => outcomeBars(width, scenario),
    "dots": (width, { over, measure }) => intervalDots(width, over, measure),
    "scatter": (width, { x, y }) => scatter(width, curveScope.value, x, y),
    "utility": (width) => overCost(width, curveScope.value, data.utility, "utility"),
    "regret": (width) => overCost(width, curveScope.value, data.regret, "regret"),
    "ask": (width) => evidence(width, curveScope.value, data.ask, "share that asks"),
    "right": (width) => evidence(width, curveScope.value, data.right, "share that is right"),
  };
  for (const place of $$("[data-chart]")) chart(place, (width) => CHARTS[place.dataset.chart](width, place.dataset));
  curveScope?.addEventListener("change", () => {
    for (const place of $$("#curves [data-chart]")) redraw(place);
  });
  $("#panel-measure")?.addEventListener("change", (event) => {
    for (const place of $$('#panels [data-chart="dots"]')) {
      place.dataset.measure = event.target.value;
      redraw(place);
    }
  });

  // ---------------------------------------------------------------- film strips

  const strip = { episodes: [], at: 0, turn: 0 };
  const film = $("#film");
  const controls = new Map(FIELDS.map((field) => [field, $(`#filter-${field}`)]));

  function option(text, [label, kind, valid], chosen) {
    const truth = `${kind}, ${valid ? "accepted" : "not accepted"}`;
    return element("li", { className: chosen ? "chosen" : "" },
      element("span", {}, label, chosen ? element("span", { className: "skip" }, " (chosen)") : ""),
      element("span", { className: valid ? "truth accepted" : "truth" }, truth));
  }

  /* A text with the words at a place marked; places count code points, as Python does. */
  function marked(text, place) {
    if (!place || place[0] === place[1]) return [text];
    const points = Array.from(text);
    const part = (from, to) => points.slice(from, to).join("");
    return [part(0, place[0]), element("mark", {}, part(...place)), part(place[1])];
  }

  function readings(turn) {
    const list = element("dl", { className: "readings" });
    const differ = disagree(turn);
    for (const [parser, status, index, how] of turn.readings) {
      const choice = index === null ? `no option: ${status}` : strips.options[turn.options][index][0];
      const moved = parser === data.parser ? " ●" : "";
      list.append(
        element("dt", moved ? { title: "This reading moved the episode." } : {}, parser + moved),
        element("dd", { className: differ ? "differ" : "" }, choice, how ? ` (by ${how})` : ""));
    }
    return list;
  }

  function next(episode, place) {
    const turn = episode.turns[place];
    if (place < episode.turns.length - 1) return `→ done: ${turn.move}`;
    return `■ ${outcomeTitle.get(episode.outcome)}`;
  }

  function frame(episode, place) {
    const turn = episode.turns[place];
    const source = turn.picture === null ? null : strips.pictures[turn.picture];
    const picture = source
      ? element("img", { src: source, alt: `What the model saw at turn ${place + 1}`, decoding: "async", loading: "lazy" })
      : "no picture";
    const known = turn.evidence === null && turn.sufficient === null ? "" :
      `${turn.evidence === null ? "" : `evidence ${number(turn.evidence, 2)}, `}${turn.sufficient === null ? "" : turn.sufficient ? "sufficient" : "insufficient"}`;
    const read = turn.readings.find(([parser]) => parser === data.parser) ?? turn.readings[0];
    const text = strips.texts[turn.reply];
    return element("li", { className: "frame", "aria-label": `Turn ${place + 1}` },
      element("h4", {}, `Turn ${place + 1} of ${episode.turns.length}`, element("span", { className: "truth" }, known)),
      element("div", { className: "picture" }, picture),
      turn.prompt !== episode.turns[0].prompt ? element("div", { className: "soft", dir: "auto" }, strips.texts[turn.prompt]) : "",
      element("ul", { className: "options", "aria-label": "Options" },
        ...strips.options[turn.options].map((one, i) => option(turn, one, i === turn.choice))),
      element("p", { className: "label" }, "The model wrote"),
      text ? element("div", { className: "reply", dir: "auto", tabindex: "0" }, ...marked(text, read?.[4])) : element("p", { className: "soft" }, "nothing"),
      element("p", { className: "label" }, "Read as"),
      readings(turn),
      element("div", { className: "next" }, next(episode, place)));
  }

  function chip(episode) {
    const swatch = element("span", { className: "swatch" });
    swatch.style.background = outcomeColour.get(episode.outcome);
    return element("span", { className: "chip" }, swatch, outcomeTitle.get(episode.outcome));
  }

  function showEpisode() {
    const count = strip.episodes.length;
    const episode = strip.episodes[strip.at];
    $("#strip-place").textContent = count ? `Episode ${(strip.at + 1).toLocaleString("en")} of ${count.toLocaleString("en")}` : "No episode";
    $("#strip-previous").disabled = strip.at <= 0;
    $("#strip-next").disabled = strip.at >= count - 1;
    const [about, question, answer] = [$("#strip-about"), $("#strip-question"), $("#strip-answer")];
    about.replaceChildren();
    question.hidden = answer.hidden = !episode;
    if (!episode) {
      film.replaceChildren(element("li", { className: "empty" }, "No episode is like that. Widen the filter."));
      return;
    }
    about.append(
      chip(episode), ` ${episode.modelName} · ${episode.scenarioKey} · sample ${episode.sample} `,
      episode.twin === null ? "" : `(answerable twin of ${episode.twin}) `,
      element("a", { href: link({ scenario: episode.scenarioKey, sample: episode.sample }) }, "all models on this sample"));
    if (episode.twin !== null) {
      about.append(" · ", element("a", { href: link({ scenario: episode.scenarioKey, sample: episode.twin }) }, "its insufficient twin"));
    }
    question.textContent = episode.turns.length ? strips.texts[episode.turns[0].prompt] : "";
    question.hidden = !episode.turns.length;
    answer.textContent = `The right answer: ${episode.answer} Fewest asks that suffice: ${episode.shortest ?? "unknown"}. At most ${plural(episode.horizon, "turn")}.`;
    film.replaceChildren(...episode.turns.map((_, place) => frame(episode, place)));
    if (episode.error) film.append(element("li", { className: "frame" }, element("p", { className: "label" }, "Error"), element("div", { className: "reply" }, episode.error)));
    markTurn(false);
  }

  function markTurn(scroll = true) {
    const frames = $$(".frame", film);
    frames.forEach((one, place) => one.classList.toggle("current", place === strip.turn));
    const current = frames[strip.turn];
    if (!current) return;
    if (scroll) film.scrollTo({ left: current.offsetLeft - film.offsetLeft - 16 });
    else film.scrollLeft = strip.turn ? current.offsetLeft - film.offsetLeft - 16 : 0;
  }

  function go(to, turn = 0) {
    if (to < 0 || to >= strip.episodes.length) return;
    [strip.at, strip.turn] = [to, turn];
    showEpisode();
    remember();
  }

  /* One turn on or back; past the end of an episode comes the next one. */
  function step(by) {
    const turns = strip.episodes[strip.at]?.turns.length ?? 0;
    const turn = strip.turn + by;
    if (turn >= 0 && turn < turns) {
      strip.turn = turn;
      markTurn();
    } else if (by > 0) go(strip.at + 1);
    else if (strip.at > 0) go(strip.at - 1, Math.max(0, strip.episodes[strip.at - 1].turns.length - 1));
  }

  function query() {
    const chosen = new URLSearchParams();
    for (const [field, control] of controls) if (control.value) chosen.set(field, control.value);
    return chosen;
  }

  /* The address says what is shown, so that it can be kept and passed on. */
  function remember() {
    const chosen = query();
    if (strip.at) chosen.set("at", strip.at + 1);
    history.replaceState(null, "", `#episodes?${chosen}`);
  }

  function applyFilter(at = 0) {
    strip.episodes = select(query());
    [strip.at, strip.turn] = [Math.min(Math.max(0, at), Math.max(0, strip.episodes.length - 1)), 0];
    showEpisode();
  }

  function followAddress() {
    const [place, text] = location.hash.slice(1).split("?");
    if (place !== "episodes") return;
    const wanted = new URLSearchParams(text ?? "");
    for (const [field, control] of controls) control.value = wanted.get(field) ?? "";
    applyFilter(Number(wanted.get("at") ?? 1) - 1);
    $("#episodes").scrollIntoView();
    film.focus({ preventScroll: true });
  }

  for (const control of controls.values()) {
    control.addEventListener("change", () => { applyFilter(); remember(); });
  }
  $("#strip-previous").addEventListener("click", () => go(strip.at - 1));
  $("#strip-next").addEventListener("click", () => go(strip.at + 1));
  $("#filter-clear").addEventListener("click", () => {
    for (const control of controls.values()) control.value = "";
    applyFilter();
    remember();
  });
  $("#show-truth").addEventListener("click", (event) => {
    const shown = $("#episodes").classList.toggle("show-truth");
    event.currentTarget.setAttribute("aria-pressed", shown);
  });
  $("#episodes").addEventListener("keydown", (event) => {
    if (event.target.closest("select, input, a, .reply") || event.altKey || event.ctrlKey || event.metaKey) return;
    const act = {
      ArrowRight: () => step(1), ArrowLeft: () => step(-1),
      PageDown: () => go(strip.at + 1), PageUp: () => go(strip.at - 1),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  addEventListener("hashchange", followAddress);
  applyFilter();
  followAddress();
})();
