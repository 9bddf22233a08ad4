"""The frames of docs/worker-protocol.md: their numbers and their encoding.

::

     0        4      5       6           8              12
     ├────────┼──────┼───────┼───────────┼──────────────┼──────────────┄
     │ length │ type │ flags │ 0         │ request id   │ payload
     │ u32    │ u8   │ u8    │ u16       │ u32          │ length bytes
     └────────┴──────┴───────┴───────────┴──────────────┴──────────────┄     all little-endian
"""

from __future__ import annotations

import struct

HEADER = struct.Struct("<IBBHI")
HEADER_BYTES = 12
MAX_PAYLOAD_BYTES = 1 << 20
MAX_REQUEST_BYTES = 64 << 20
"""REQUEST alone may be larger than the others: its environ is as large as the server allows."""

# JVM to worker
HELLO = 0x01
REQUEST = 0x02
BODY = 0x03
BODY_FAILED = 0x04
CREDIT = 0x05
CANCEL = 0x06
FILE_SENT = 0x07
STOP = 0x08
RECALL = 0x09
REPLY = 0x0A
ACCEPT = 0x0B
HAND_OVER = 0x0C
END = 0x0D
DUMP = 0x0E
STACK = 0x0F
TELL = 0x10
LENT = 0x11
REFUSED = 0x12
RECLAIM = 0x13
SIGNAL = 0x18

# worker to JVM
READY = 0x81
RESPONSE = 0x82
CHUNK = 0x83
FILE = 0x84
FAILED = 0x85
CONSUMED = 0x86
RETURNED = 0x87
CALL = 0x88
LOG_VARIABLES = 0x89
PUNTED = 0x8A
BEGUN = 0x8B
ANSWERED = 0x8C
LIMIT = 0x8D
EARLY_HINTS = 0x8E
TRAILERS = 0x8F
BUSY = 0x90
IDLE = 0x91
TOLD = 0x92
BORROW = 0x93
RETURN = 0x94
SIGNALLED = 0x98

# REQUEST, BODY, RESPONSE, CHUNK
COMPLETE = 1
# REQUEST
WEB_SOCKET = 2
TAKES_HINTS = 4
HAS_FIELDS = 8
TAKES_TRAILERS = 16
TAKES_ROUTE = 32
# REPLY, READY
FAILURE = 1
# READY
WAITS = 2
TASKS = 4
# IDLE
TASK_DONE = 1
TASK_FAILED = 2
# CANCEL
OVERTIME = 1
# FAILED
CANCELLED = 1
# ACCEPT
TAKE = 1
# DUMP
DYING = 1
# TOLD
ENDED = 1
# REFUSED
NOT_NOW = 1
# RETURN
QUIET = 1
# SIGNALLED
ENDS = 0
BEGINS = 1
AWAITS = 2
AWAITS_NO_MORE = 4

FIRST_DIRECT_ID = 0x80000000
"""From here on up, a worker itself numbers requests (direct mode); the JVM's numbers are smaller."""

U32 = struct.Struct("<I")
U64 = struct.Struct("<Q")
AGE = struct.Struct("<IQ")
"""In DUMP: a request's number, and for how many nanoseconds it has run."""
STACK_PAYLOAD = struct.Struct("<IQ")
"""The question's number, and when the request began, where the worker has taken it itself."""
FILE_PAYLOAD = struct.Struct("<IQQ")
RETURN_PAYLOAD = struct.Struct("<QI")
"""How many bytes the worker has written, and how many are left to be written."""
BEGUN_PAYLOAD = struct.Struct("<IQ")
ANSWERED_ENTRY = struct.Struct("<IHQQI")
ANSWERED_DETAILS = struct.Struct("<IHQQIHI")
"""The same where the boot configuration asks for details: with the bytes of the head, and its fields."""


class ProtocolError(Exception):
    """The other side sent what docs/worker-protocol.md doesn't know: a defect that ends the worker."""


def frame(kind: int, flags: int = 0, request_id: int = 0, payload: bytes = b"") -> bytes:
    """One frame, ready to be sent."""
    return HEADER.pack(len(payload), kind, flags, 0, request_id) + payload


def response(flags: int, request_id: int, head: bytes, body: bytes) -> bytes:
    """A RESPONSE frame: the head's length, the head, the body's beginning."""
    return (
        _RESPONSE_START.pack(4 + len(head) + len(body), RESPONSE, flags, 0, request_id, len(head))
        + head
        + body
    )


# A frame's header and the u32 that its payload begins with, at once.
_RESPONSE_START = struct.Struct("<IBBHII")
