// The loops, and where the server listens.
import { el, format, head, table } from "../page.js";

export const title = "Loops";

export function mount(section, page) {
  const { facts } = head(section, title);
  let before = null;

  // Of the last seconds: totals say little.
  function lately(loop, what) {
    const then = before?.loops[loop.number];
    return then && page.now > before.time ? (what(loop) - what(then)) * 1000 / (page.now - before.time) : 0;
  }

  const loops = table("Loops", [
    { title: "Loop", head: true, value: loop => loop.number },
    { title: "Connections", class: "num", value: loop => format.number(loop.connections) },
    { title: "Running", class: "num", value: loop => format.number(loop.running) },
    { title: "Requests/s", class: "num", value: loop => format.rate(lately(loop, each => each.requests)) },
    { title: "Requests", class: "num wide", value: loop => format.number(loop.requests) },
    { title: "Mean time", class: "num wide", value: loop => format.time(loop.requests ? loop.nanos / loop.requests / 1e6 : 0) },
    { title: "Errors", class: "num", value: loop => format.number(loop.errors), look: loop => loop.errors && "bad" },
    { title: "Sent", class: "num wide", value: loop => format.bytes(loop.sent) },
  ], loop => loop.number);
  const sockets = table("Where the server listens", [
    { title: "Listens at", head: true, class: "grow mono", value: socket => socket.address },
    { title: "Queue", class: "num", value: socket => (socket.queued < 0 ? "\u2013" : format.number(socket.queued)),
      look: socket => socket.queued >= socket.most && "bad" },
    { title: "At most", class: "num", value: socket => format.number(socket.most) },
  ], socket => socket.address);
  section.append(loops.element, sockets.element);

  return figures => {
    loops.update(figures.loops);
    sockets.update(figures.sockets);
    const connections = figures.loops.reduce((sum, loop) => sum + loop.connections, 0);
    facts.textContent = format.number(connections) + (connections === 1 ? " connection" : " connections");
    if (!before || page.now - before.time >= 3000) before = { time: page.now, loops: figures.loops };
  };
}
