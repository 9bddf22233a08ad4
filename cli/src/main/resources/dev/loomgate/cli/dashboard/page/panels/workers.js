// Python applications: which version serves, and its workers.
import { actButton, el, format, head, table, text } from "../page.js";

export const title = "Workers";

const COLUMNS = page => [
  { title: "Worker", head: true, value: worker => worker.number },
  { title: "State", value: worker => (worker.status === "cheap" ? "no process" : worker.serves ? worker.status : "leaving"),
    look: worker => "state " + worker.status },
  { title: "Pid", class: "num wide", value: worker => worker.pid || "\u2013" },
  { title: "Busy", class: "num", value: worker => worker.busy + " of " + worker.places },
  { title: "Memory", class: "num", value: worker => (worker.pid ? format.bytes(worker.memory) : "\u2013") },
  { title: "Requests", class: "num", value: worker => format.number(worker.requests) },
  { title: "Mean time", class: "num wide", value: worker => format.time(worker.meanMicros / 1000) },
  { title: "Exceptions", class: "num", value: worker => format.number(worker.exceptions), look: worker => worker.exceptions && "bad" },
  { title: "Over time", class: "num wide", value: worker => format.number(worker.overtimes), look: worker => worker.overtimes && "bad" },
  { title: "Age", class: "num", value: worker => (worker.pid ? format.age(page.now - worker.since) : "\u2013") },
  { title: "Forked", class: "num wide", value: worker => format.number(worker.spawns) },
];

export function mount(section, page) {
  const { facts, buttons } = head(section, title);
  if (page.admin) {
    buttons.append(
      actButton("Reload", "workers", "reload"),
      actButton("Replace workers", "workers", "replace"),
      actButton("One more", "workers", "add"),
      actButton("One fewer", "workers", "remove"));
  }
  const programs = new Map();
  const none = el("p", { class: "empty", hidden: true }, "No Python application is served; requests run on the loops.");
  section.append(none);

  function program(figures) {
    const about = el("span", { class: "quiet" });
    const workers = table("Workers of " + figures.name, COLUMNS(page), worker => worker.number);
    section.append(
      el("div", { class: "sub" }, el("h3", {}, figures.name + (figures.mount && " at " + figures.mount)), about),
      workers.element);
    return { about, workers };
  }

  return list => {
    none.hidden = list.length > 0;
    buttons.hidden = list.length === 0;
    for (const figures of list) {
      const name = figures.name + " " + figures.mount;
      if (!programs.has(name)) programs.set(name, program(figures));
      const { about, workers } = programs.get(name);
      text(about, "generation " + figures.generation + ", loaded in " + format.time(figures.loadMillis)
        + (figures.waiting ? ", " + format.number(figures.waiting) + " requests wait" : ""));
      workers.update(figures.workers);
    }
    const all = list.flatMap(figures => figures.workers);
    text(facts, list.length === 0 ? ""
      : all.filter(worker => worker.status === "busy").length + " of " + all.filter(worker => worker.pid).length + " busy");
  };
}
