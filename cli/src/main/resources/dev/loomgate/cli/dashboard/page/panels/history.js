// The last hour as small charts.
import { detail, el, format, head, svg, text } from "../page.js";

export const title = "The last hour";
export const short = "History";

const HOUR = 3600e3;
const WIDTH = 300;
const HEIGHT = 54;

const CHARTS = [
  { title: "Requests", unit: "/s", of: s => s.rate, say: format.rate },
  { title: "Mean time", unit: "", of: s => s.mean, say: format.time },
  { title: "Running", unit: "", of: s => s.busy, say: format.number },
  { title: "Waiting", unit: "", of: s => s.waiting, say: format.number },
  { title: "Connections", unit: "", of: s => s.connections, say: format.number },
  { title: "Memory", unit: "", of: s => s.memory, say: format.bytes },
];

const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

function chart(kind) {
  const value = el("strong");
  const most = el("span");
  const area = svg("path", { class: "area" });
  const line = svg("path");
  const at = svg("line", { class: "at", y1: 0, y2: HEIGHT, visibility: "hidden" });
  const label = svg("title");
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" },
    label, svg("line", { class: "base", x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT, "vector-effect": "non-scaling-stroke" }),
    area, line, at);
  at.setAttribute("vector-effect", "non-scaling-stroke");
  const when = el("span");
  const element = el("div", { class: "chart" },
    el("h3", {}, kind.title), value, drawing, el("footer", {}, most, when));
  let samples = [];
  let pointed = null;

  function tell() {
    const sample = pointed || samples.at(-1);
    if (!sample) return;
    const said = kind.say(kind.of(sample)) + (kind.unit && "\u00a0" + kind.unit);
    const [number, unit = ""] = said.split("\u00a0");
    if (value.dataset.said !== said) {
      value.dataset.said = said;
      value.replaceChildren(number, el("small", {}, unit));
    }
    text(when, pointed ? clock.format(sample.time) : "");
  }

  drawing.onpointermove = event => {
    const box = drawing.getBoundingClientRect();
    const time = samples.at(-1).time - HOUR * (1 - (event.clientX - box.left) / box.width);
    pointed = samples.reduce((best, s) => (Math.abs(s.time - time) < Math.abs(best.time - time) ? s : best));
    const x = WIDTH * (1 - (samples.at(-1).time - pointed.time) / HOUR);
    at.setAttribute("x1", x);
    at.setAttribute("x2", x);
    at.setAttribute("visibility", "visible");
    tell();
  };
  drawing.onpointerleave = () => {
    pointed = null;
    at.setAttribute("visibility", "hidden");
    tell();
  };

  return {
    element,
    draw(all) {
      samples = all;
      const end = all.at(-1).time;
      const top = Math.max(...all.map(kind.of)) || 1;
      const points = all.map(s =>
        (WIDTH * (1 - (end - s.time) / HOUR)).toFixed(1) + "," + (HEIGHT - 1 - (HEIGHT - 4) * kind.of(s) / top).toFixed(1));
      const path = "M" + points.join("L");
      line.setAttribute("d", points.length > 1 ? path : "");
      area.setAttribute("d", points.length > 1
        ? `${path}L${WIDTH},${HEIGHT}L${points[0].split(",")[0]},${HEIGHT}Z` : "");
      const peak = kind.say(Math.max(...all.map(kind.of))) + (kind.unit && "\u00a0" + kind.unit);
      text(most, "max " + peak);
      text(label, `${kind.title} over the last hour: at most ${peak}`);
      tell();
    },
  };
}

export function mount(section) {
  head(section, title);
  const charts = CHARTS.map(chart);
  section.append(el("div", { class: "charts" }, ...charts.map(each => each.element)));
  let samples = [];
  let count = 0;
  let asking = false;

  function draw() {
    const last = samples.at(-1);
    samples = samples.filter(sample => last.time - sample.time <= HOUR);
    charts.forEach(each => each.draw(samples));
  }

  return async figures => {
    if (asking || figures.count === count || figures.newest.length === 0) return;
    if (figures.count === count + 1 && samples.length > 0) {
      samples.push(figures.newest[0]);
    } else {
      asking = true;
      try {
        samples = await detail("history", "all");
      } finally {
        asking = false;
      }
    }
    count = figures.count;
    draw();
  };
}
