// The slowest routes since the start. Figures come of histograms, so they are as exact as these.
import { format, head, table } from "../page.js";

export const title = "Slowest routes";

export function mount(section) {
  const { facts } = head(section, title);
  const routes = table(title, [
    { title: "Route", head: true, class: "grow mono", value: each => each.method + " " + (each.route || "\u2013") },
    { title: "Requests", class: "num", value: each => format.number(each.count) },
    { title: "p50", class: "num wide", value: each => format.time(each.p50Nanos / 1e6) },
    { title: "p99", class: "num", value: each => format.time(each.p99Nanos / 1e6) },
    { title: "Mean", class: "num wide", value: each => format.time(each.meanNanos / 1e6) },
    { title: "Errors", class: "num", value: each => format.number(each.errors), look: each => each.errors && "bad" },
  ], each => each.method + " " + each.route);
  section.append(routes.element);

  return figures => {
    routes.update(figures.slowest);
    facts.textContent = figures.routes > figures.slowest.length
      ? "the slowest " + figures.slowest.length + " of " + format.number(figures.routes)
      : format.number(figures.routes) + (figures.routes === 1 ? " route" : " routes");
  };
}
