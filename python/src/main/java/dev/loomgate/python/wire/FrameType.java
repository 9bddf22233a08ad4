package dev.loomgate.python.wire;

/// The types of frames, their flags, and the header that they share.
///
/// ```
///  0        4      5       6           8              12
///  | length | type | flags | 0         | request id   | payload ...      all little-endian
/// ```
public final class FrameType {
    public static final int HEADER_BYTES = 12;
    public static final int MAX_PAYLOAD_BYTES = 1 << 20;

    /// Bytes that a side may send ahead of the other one's reading, for each request and direction.
    public static final int WINDOW_BYTES = 256 * 1024;

    // JVM to worker
    public static final int HELLO = 0x01;
    public static final int REQUEST = 0x02;
    public static final int BODY = 0x03;
    public static final int BODY_FAILED = 0x04;
    public static final int CREDIT = 0x05;
    public static final int CANCEL = 0x06;
    public static final int FILE_SENT = 0x07;
    public static final int STOP = 0x08;
    public static final int RECALL = 0x09;
    public static final int REPLY = 0x0a;
    public static final int ACCEPT = 0x0b;
    public static final int HAND_OVER = 0x0c;
    public static final int END = 0x0d;
    public static final int DUMP = 0x0e;
    public static final int STACK = 0x0f;
    public static final int TELL = 0x10;
    public static final int LENT = 0x11;
    public static final int REFUSED = 0x12;
    public static final int RECLAIM = 0x13;
    public static final int SIGNAL = 0x18;

    // worker to JVM
    public static final int READY = 0x81;
    public static final int RESPONSE = 0x82;
    public static final int CHUNK = 0x83;
    public static final int FILE = 0x84;
    public static final int FAILED = 0x85;
    public static final int CONSUMED = 0x86;
    public static final int RETURNED = 0x87;
    public static final int CALL = 0x88;
    public static final int LOG_VARIABLES = 0x89;
    public static final int PUNTED = 0x8a;
    public static final int BEGUN = 0x8b;
    public static final int ANSWERED = 0x8c;
    public static final int LIMIT = 0x8d;
    public static final int EARLY_HINTS = 0x8e;
    public static final int TRAILERS = 0x8f;
    public static final int BUSY = 0x90;
    public static final int IDLE = 0x91;
    public static final int TOLD = 0x92;
    public static final int BORROW = 0x93;
    public static final int RETURN = 0x94;
    public static final int SIGNALLED = 0x98;

    /// Flag of REQUEST, BODY, RESPONSE, CHUNK: nothing of that kind follows.
    public static final int LAST = 1;
    /// Flag of REQUEST: the program may open a WebSocket.
    public static final int WEB_SOCKET = 2;
    /// Flag of REQUEST: the client takes early hints.
    public static final int TAKES_HINTS = 4;
    /// Flag of REQUEST: the header fields are apart, where the request has them.
    public static final int HAS_FIELDS = 8;
    /// Flag of REQUEST: the client takes fields after the content.
    public static final int TAKES_TRAILERS = 16;
    /// Flag of REQUEST: somebody counts requests by their routes.
    public static final int TAKES_ROUTE = 32;
    /// Flag of IDLE: the spooler's task is done.
    public static final int TASK_DONE = 1;
    /// Flag of IDLE: the spooler's task has failed, and is tried again.
    public static final int TASK_FAILED = 2;
    /// Flag of CANCEL: the request's time is over.
    public static final int OVERTIME = 1;
    /// Flag of DUMP: the process is to be killed in a moment.
    public static final int DYING = 1;
    /// Flag of TOLD: there is no such request.
    public static final int ENDED = 1;
    /// Flag of ACCEPT: connections are to be taken from now on; without it, no more.
    public static final int TAKE = 1;
    /// Flag of REFUSED: it may ask again later.
    public static final int NOT_NOW = 1;
    /// Flag of RETURN: the client is to be pinged.
    public static final int QUIET = 1;
    /// Flag of FAILED: it was cancelled.
    public static final int CANCELLED = 1;
    /// Flag of SIGNALLED: the handler begins; without a flag, it has ended.
    public static final int HANDLER_BEGINS = 1;
    /// Flag of SIGNALLED: one more request waits for a signal.
    public static final int AWAITS = 2;
    /// Flag of SIGNALLED: one fewer does.
    public static final int AWAITS_NO_MORE = 4;
    /// Flag of READY and REPLY: it went wrong, the payload says how.
    public static final int WRONG = 1;
    /// Flag of READY: it takes signals; another READY says that it takes requests, too.
    public static final int WAITS = 2;

    /// READY: the program is an ASGI application, whose requests are tasks of the worker's event loop.
    public static final int TASKS = 4;

    private FrameType() {}
}
