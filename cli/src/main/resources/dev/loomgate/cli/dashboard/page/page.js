// The page: its frame, its stream, and what the panels share. A panel is a module panels/NAME.js:
//
//   export const title = "Loops";
//   export function mount(section, page) { ...; return figures => { ... }; }
//
// `section` is its element, `page` what is exported below with `admin`; what it returns is called with each tick's
// figures, which its class in Java gives. Nothing here makes HTML of text: all of it comes from outside.

const $ = id => document.getElementById(id);

/** An element: el("td", {class: "num"}, "7"). Functions are listeners: {onclick: ...}. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element[key] = value;
    else if (value !== false && value != null) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** An SVG element. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Sets a text only where it differs, so that nothing is drawn again for nothing. */
export function text(element, value) {
  const string = String(value);
  if (element.textContent !== string) element.textContent = string;
}

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const format = {
  number: n => grouped.format(n),
  /** A rate or a mean: more digits the smaller it is. */
  rate: n => (n >= 100 ? grouped.format(n) : n >= 10 ? n.toFixed(1) : n === 0 ? "0" : n.toFixed(2)),
  bytes: n => {
    const units = ["B", "KB", "MB", "GB", "TB"];
    let i = 0;
    while (n >= 1000 && i < units.length - 1) { n /= 1024; i++; }
    return (i === 0 || n >= 100 ? n.toFixed(0) : n.toFixed(1)) + "\u00a0" + units[i];
  },
  /** A time in milliseconds. */
  time: ms => {
    if (ms < 1) return ms === 0 ? "0" : (ms * 1000).toFixed(0) + "\u00a0\u00b5s";
    if (ms < 1000) return (ms < 10 ? ms.toFixed(1) : ms.toFixed(0)) + "\u00a0ms";
    return (ms < 10000 ? (ms / 1000).toFixed(1) : (ms / 1000).toFixed(0)) + "\u00a0s";
  },
  /** How long something has been there, in milliseconds. */
  age: ms => {
    const s = Math.max(0, ms / 1000);
    if (s < 10) return s.toFixed(1) + "\u00a0s";
    if (s < 60) return Math.floor(s) + "\u00a0s";
    if (s < 3600) return Math.floor(s / 60) + "\u00a0m\u00a0" + String(Math.floor(s % 60)).padStart(2, "0") + "\u00a0s";
    if (s < 86400) return Math.floor(s / 3600) + "\u00a0h\u00a0" + String(Math.floor(s / 60) % 60).padStart(2, "0") + "\u00a0m";
    return Math.floor(s / 86400) + "\u00a0d\u00a0" + (Math.floor(s / 3600) % 24) + "\u00a0h";
  },
};

/**
 * A table whose rows stay the same elements from tick to tick, so that focus and selection stay, too.
 *
 * columns: {title, class, value: row => text, look: row => class, head: true for the row's name,
 *           node: row => element, made once for a row}
 * key: row => what tells it from others
 */
export function table(caption, columns, key) {
  const body = el("tbody");
  const element = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el("table", {},
      el("thead", {}, el("tr", {}, ...columns.map(column => el("th", { scope: "col", class: column.class }, column.title)))),
      body));
  const rows = new Map();
  function make(row) {
    const tr = el("tr");
    const cells = columns.map(column => {
      const cell = el(column.head ? "th" : "td", { class: column.class, scope: column.head && "row" });
      if (column.node) cell.append(column.node(row, tr));
      tr.append(cell);
      return cell;
    });
    return { tr, cells, more: null };
  }
  return {
    element,
    rows,
    update(list) {
      const seen = new Set();
      let at = body.firstChild;
      const place = node => {
        if (node === at) at = at.nextSibling;
        else body.insertBefore(node, at);
      };
      const held = [...rows.values()].filter(each => each.more);
      for (const row of list) {
        const name = String(key(row));
        seen.add(name);
        if (!rows.has(name)) rows.set(name, make(row));
        const known = rows.get(name);
        known.row = row;
        columns.forEach((column, i) => {
          const cell = known.cells[i];
          if (!column.node) text(cell, column.value(row));
          if (column.look) {
            const look = (column.class || "") + " " + (column.look(row) || "");
            if (cell.className !== look) cell.className = look;
          }
        });
      }
      // A row that is open stays, dimmed, until it is closed: what one reads must not vanish.
      const order = [...held.filter(each => !seen.has(String(key(each.row)))),
        ...list.map(row => rows.get(String(key(row))))];
      for (const [name, known] of rows) {
        const gone = !seen.has(name);
        known.tr.classList.toggle("gone", gone);
        if (gone && !known.more) {
          if (known.tr === at) at = at.nextSibling;
          known.tr.remove();
          rows.delete(name);
        }
      }
      for (const known of order) {
        place(known.tr);
        if (known.more) place(known.more);
      }
    },
  };
}

/** The head of a panel, with room for facts and buttons. */
export function head(section, title) {
  const facts = el("span", { class: "facts" });
  const buttons = el("div", { class: "buttons" });
  section.append(el("div", { class: "head" }, el("h2", {}, title), facts, buttons));
  return { facts, buttons };
}

let hiding;

/** Tells the operator something, for some seconds; screen readers say it once. */
export function say(message) {
  text($("said"), message);
  $("said").classList.add("shown");
  clearTimeout(hiding);
  hiding = setTimeout(() => $("said").classList.remove("shown"), 5000);
}

async function answer(response) {
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail || response.statusText || "HTTP " + response.status);
}

const JSON_WANTED = { Accept: "application/json" };

/** More about something that a panel shows. */
export function detail(panel, subject) {
  return fetch("detail/" + panel + "/" + encodeURIComponent(subject), { headers: JSON_WANTED }).then(answer);
}

/** Does something, and says what came of it. */
export async function act(panel, action, subject = "") {
  try {
    const done = await fetch("action/" + panel + "/" + action, {
      method: "POST",
      headers: { ...JSON_WANTED, "Content-Type": "application/json" },
      body: JSON.stringify({ subject }),
    }).then(answer);
    say(done.done);
  } catch (e) {
    say(e.message);
  }
}

/** A button that does so. */
export function actButton(label, panel, action, look) {
  const button = el("button", { type: "button", class: look }, label);
  button.onclick = async () => {
    button.disabled = true;
    await act(panel, action);
    button.disabled = false;
    button.focus();
  };
  return button;
}

/** A button that asks once more: rows move, and what it does can't be undone. */
export function confirmed(label, question, about, action) {
  const button = el("button", { type: "button", class: "danger", "aria-label": about }, label);
  let asked;
  function calm() {
    clearTimeout(asked);
    asked = 0;
    button.textContent = label;
    button.setAttribute("aria-label", about);
  }
  button.onclick = () => {
    if (asked) {
      calm();
      action();
      return;
    }
    button.textContent = question;
    button.setAttribute("aria-label", about + ": " + question);
    asked = setTimeout(calm, 4000);
  };
  return button;
}

/** What panels see of the page; `admin` and `now` follow the stream. */
export const page = { admin: false, now: Date.now() };

const panels = new Map();
let known = "";

async function begin(hello) {
  page.admin = hello.admin;
  page.started = hello.started;
  page.server = hello.version + ", pid " + hello.pid;
  const now = hello.panels.join() + hello.admin;
  if (known === now) return;
  known = now;
  panels.clear();
  $("main").replaceChildren();
  $("nav").replaceChildren();
  const modules = await Promise.all(hello.panels.map(name => import("./panels/" + name + ".js")));
  modules.forEach((module, i) => {
    const name = hello.panels[i];
    const section = el("section", { id: name, "aria-label": module.title });
    $("main").append(section);
    $("nav").append(el("a", { href: "#" + name }, module.short || module.title));
    panels.set(name, module.mount(section, page));
  });
}

function show(tick) {
  page.now = tick.time;
  text($("server"), page.server + ", up " + format.age(page.now - page.started));
  $("trouble").hidden = !tick.trouble;
  if (tick.trouble) text($("trouble"), tick.trouble);
  $("main").classList.toggle("stale", Boolean(tick.trouble));
  for (const [name, figures] of Object.entries(tick.panels || {})) panels.get(name)?.(figures);
}

function link(state, words) {
  $("link").className = state;
  text($("link").lastChild, words);
}

// Events are shown one after the other; the first one waits until the panels are there.
let turn = Promise.resolve();

function listen() {
  const stream = new EventSource("events");
  stream.addEventListener("hello", event => { turn = turn.then(() => begin(JSON.parse(event.data))); });
  stream.addEventListener("message", event => {
    turn = turn.then(() => {
      link("live", "live");
      show(JSON.parse(event.data));
    });
  });
  stream.onerror = async () => {
    link("lost", "not connected");
    $("main").classList.add("stale");
    if (stream.readyState !== EventSource.CLOSED) return; // it tries again by itself
    // It was refused, and an EventSource doesn't say why.
    const why = await fetch("events", { headers: JSON_WANTED }).then(async response => {
      if (!response.ok) return (await response.json()).detail;
      await response.body.cancel();
      return "";
    }).catch(() => "");
    $("trouble").hidden = !why;
    text($("trouble"), why);
    setTimeout(listen, 3000);
  };
}

listen();
