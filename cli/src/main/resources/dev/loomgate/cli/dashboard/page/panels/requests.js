// The requests that run, the oldest first.
import { act, confirmed, detail, el, format, head, table, text } from "../page.js";
import { showRequest } from "./log.js";

export const title = "Requests running";
export const short = "Requests";

const FACTS = [
  ["Client", "client"], ["Application", "application"], ["Runs in", "place"], ["State", "state"], ["Request id", "requestId"],
];

export function mount(section, page) {
  const { facts } = head(section, title);
  const none = el("p", { class: "empty" }, "No request runs.");
  const requests = table(title, [
    { title: "Age", class: "num", value: row => format.age(row.age),
      look: row => (row.age >= 10000 ? "bad" : row.age >= 1000 ? "warn" : "") },
    { title: "Request", class: "grow mono", head: true, node: opener },
    { title: "State", class: "wide", value: row => row.state },
    { title: "Runs in", class: "wide", value: row => row.place },
    { title: "Client", class: "wide mono", value: row => row.client },
    ...(page.admin ? [{ title: "Action", node: row =>
      confirmed("Cancel", "Really?", "Cancel " + row.method + " " + row.target, () => act("requests", "cancel", row.id)) }] : []),
  ], row => row.id);
  section.append(none, requests.element);

  // Its name is a button that opens what else is known, and its stack.
  function opener(row, tr) {
    const name = row.method + " " + row.target;
    const button = el("button", { type: "button", class: "open", "aria-expanded": "false", title: name }, name);
    button.onclick = () => {
      const known = requests.rows.get(String(row.id));
      const opens = !known.more;
      button.setAttribute("aria-expanded", String(opens));
      if (opens) {
        known.more = more(row, tr.children.length);
        tr.after(known.more);
      } else {
        known.more.remove();
        known.more = null;
      }
    };
    return button;
  }

  function more(row, columns) {
    const stack = el("pre", { tabindex: 0, "aria-label": "Stack" }, "\u2026");
    const load = () => detail("requests", row.id).then(found => text(stack, found.stack), e => text(stack, e.message));
    load();
    const facts = FACTS.filter(([, name]) => row[name]).flatMap(([label, name]) =>
      [el("dt", {}, label), el("dd", {}, row[name])]);
    const buttons = el("p", {}, el("button", { type: "button", onclick: load }, "Stack again"), " ");
    if (row.requestId) {
      buttons.append(el("button", { type: "button", onclick: () => showRequest(row.requestId) }, "Its log"));
    }
    return el("tr", { class: "more" }, el("td", { colspan: columns }, el("dl", {}, ...facts), buttons, stack));
  }

  return figures => {
    requests.update(figures.oldest);
    none.hidden = requests.rows.size > 0;
    requests.element.hidden = requests.rows.size === 0;
    text(facts, figures.running > figures.oldest.length
      ? format.number(figures.running) + ", here the oldest " + figures.oldest.length
      : format.number(figures.running));
  };
}
