// The last lines of the log, and those of one request.
import { detail, el, head, text } from "../page.js";

export const title = "Log";

const clock = new Intl.DateTimeFormat("en", {
  hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23",
});
let shown = "";
let show = () => {};

/** Shows what there is of that request, and goes there. */
export function showRequest(id) {
  show(id);
  document.getElementById("log").scrollIntoView();
}

function line(each) {
  const look = each.level === "ERROR" ? "bad" : each.level === "WARNING" ? "warn" : "";
  const row = el("span", { class: look }, el("span", { class: "quiet" }, clock.format(each.time)), " " + each.text);
  if (each.request && each.request !== shown) {
    row.append(" ", el("button", { type: "button", class: "id", title: "Lines of this request", onclick: () => showRequest(each.request) }, each.request));
  }
  row.append("\n");
  return row;
}

export function mount(section) {
  const { facts } = head(section, title);
  const input = el("input", { id: "log-id", type: "search", autocomplete: "off", spellcheck: "false", class: "mono", placeholder: "request id" });
  const lines = el("pre", { class: "log", tabindex: 0, "aria-label": "Lines of the log" });
  const form = el("form", {}, el("label", { for: "log-id" }, "Lines of request"), input,
    el("button", {}, "Show"), el("button", { type: "button", onclick: () => show("") }, "All"));
  form.onsubmit = event => {
    event.preventDefault();
    show(input.value.trim());
  };
  section.append(form, lines);
  let drawn = "";

  function draw(list, nothing) {
    const now = JSON.stringify(list) + shown;
    if (now === drawn) return;
    drawn = now;
    lines.replaceChildren(...(list.length ? list.map(line) : [el("span", { class: "quiet" }, nothing)]));
  }

  async function ask() {
    const id = shown;
    const found = await detail("log", id).catch(() => []);
    if (id === shown) draw(found, "No line of this request is kept. Lines are kept from when the dashboard was first opened.");
  }

  show = id => {
    shown = id;
    input.value = id;
    text(facts, id ? "of one request" : "");
    if (id) ask();
  };

  return figures => {
    if (shown) return ask();
    draw(figures, "Nothing has been logged since the dashboard was first opened.");
  };
}
