// Debian's node-ws: COUNT random messages to ADDRESS and back, compressed where the server agrees.
const WebSocket = require("ws");
const crypto = require("crypto");

const [address, count] = [process.argv[2], Number(process.argv[3])];
const lengths = [0, 1, 125, 126, 127, 1000, 1024, 5000, 65535, 65536, 200000];
const socket = new WebSocket(address, { perMessageDeflate: { threshold: 0 } });
let sent = 0;
let expected;

function send() {
  if (sent === count) {
    socket.close(3001, "done");
    return;
  }
  const length = lengths[crypto.randomInt(lengths.length)];
  const text = crypto.randomInt(2) === 0;
  expected = text ? "p\u00e4\u{1f600}".repeat(length / 4) : crypto.randomBytes(length);
  sent++;
  const cut = crypto.randomInt(3) === 0 && expected.length > 8 ? 6 : 0;
  if (cut) {
    socket.send(expected.slice(0, cut), { fin: false });
    socket.send(expected.slice(cut), { fin: true });
  } else {
    socket.send(expected);
  }
}

socket.on("open", send);
socket.on("message", (data, isBinary) => {
  const same = isBinary ? Buffer.isBuffer(expected) && expected.equals(data) : expected === data.toString();
  if (!same) {
    console.log("message " + sent + " of " + expected.length + " came back otherwise");
    process.exit(1);
  }
  send();
});
socket.on("close", (code) => console.log(count, code, socket.extensions));
socket.on("error", (error) => {
  console.log(String(error));
  process.exit(1);
});
