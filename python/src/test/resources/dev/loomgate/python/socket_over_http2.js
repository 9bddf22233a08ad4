// A WebSocket on a stream of HTTP/2: node's own HTTP/2 with the frames of Debian's node-ws. PORT, path.
const http2 = require("http2");
const { Receiver, Sender } = require("ws");

const [port, path] = process.argv.slice(2);
const session = http2.connect("http://127.0.0.1:" + port);
const large = Buffer.alloc(600000, 0xfe); // more than all windows

function fail(what) {
  console.log(what);
  process.exit(1);
}

function open(opened) {
  const stream = session.request(
    {
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":path": path,
      ":scheme": "http",
      ":authority": "localhost",
      "sec-websocket-version": "13",
      origin: "http://localhost",
    },
    { endStream: false },
  );
  stream.on("error", (error) => fail("stream: " + error));
  stream.on("response", (head) => {
    if (head[":status"] !== 200) {
      fail("status " + head[":status"]);
    }
    const receiver = new Receiver({ isServer: false });
    stream.pipe(receiver);
    opened(stream, receiver, new Sender(stream));
  });
}

function converse(stream, receiver, sender) {
  let count = 0;
  receiver.on("message", (data, isBinary) => {
    if (count++ === 0) {
      console.log(data.toString(), isBinary);
      sender.send(large, { fin: true, mask: true, binary: true, opcode: 2, compress: false });
    } else {
      console.log(large.equals(data), isBinary);
      sender.close(1000, undefined, true);
    }
  });
  receiver.on("conclude", (code) => console.log("closed", code));
  stream.on("end", () => {
    stream.end();
    open(cancel);
  });
  sender.send("hell\u00f6", { fin: true, mask: true, binary: false, opcode: 1, compress: false });
}

function cancel(stream, receiver, sender) {
  receiver.on("message", (data) => {
    console.log(data.toString());
    stream.close(http2.constants.NGHTTP2_CANCEL, () => session.close());
  });
  sender.send("again", { fin: true, mask: true, binary: false, opcode: 1, compress: false });
}

session.on("error", (error) => fail("session: " + error));
session.on("remoteSettings", (settings) => {
  if (!settings.enableConnectProtocol) {
    fail("no WebSockets here");
  }
  open(converse);
});
