package dev.loomgate.server.fastcgi;

import io.netty.buffer.ByteBuf;

/// Records of FastCGI: what their types are, and how they are written.
///
/// ```
///  byte  0         1      2     3     4     5     6         7          8 ...
///       +---------+------+-----------+-----------+---------+----------+---------+---------+
///       | version | type | request   | content   | padding | reserved | content | padding |
///       |    1    |      | id, u16   | length    | length  |          |         |         |
///       +---------+------+-----------+-----------+---------+----------+---------+---------+
/// ```
/// Numbers are big-endian. Source: the FastCGI Specification 1.0, section 3.3 and section 8.
final class Records {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 8;
    static final int NO_REQUEST = 0;

    static final int BEGIN_REQUEST = 1;
    static final int ABORT_REQUEST = 2;
    static final int END_REQUEST = 3;
    static final int PARAMS = 4;
    static final int STDIN = 5;
    static final int STDOUT = 6;
    static final int GET_VALUES = 9;
    static final int GET_VALUES_RESULT = 10;
    static final int UNKNOWN_TYPE = 11;

    static final int RESPONDER = 1;
    static final int KEEP_CONN = 1;

    static final int REQUEST_COMPLETE = 0;
    static final int CANT_MPX_CONN = 1;
    static final int OVERLOADED = 2;
    static final int UNKNOWN_ROLE = 3;

    /// The most content of a record that the next one begins aligned after.
    static final int MOST = 65_528;

    private Records() {}

    /// Writes content as records of STDOUT.
    static void output(ByteBuf out, int id, byte[] bytes, int count) {
        for (int at = 0; at < count; at += MOST) {
            int length = Math.min(MOST, count - at);
            header(out, STDOUT, id, length);
            out.writeBytes(bytes, at, length);
        }
    }

    /// Writes the end of STDOUT, and that the request is over.
    static void outputEnd(ByteBuf out, int id) {
        header(out, STDOUT, id, 0);
        out.writeBytes(end(id, REQUEST_COMPLETE, 0));
    }

    /// The record that a request is over.
    ///
    /// @param protocolStatus such as [#REQUEST_COMPLETE]
    /// @param applicationStatus 0 if nothing failed
    static byte[] end(int id, int protocolStatus, int applicationStatus) {
        return new byte[] {
            VERSION,
            END_REQUEST,
            (byte) (id >>> 8),
            (byte) id,
            0,
            8,
            0,
            0,
            (byte) (applicationStatus >>> 24),
            (byte) (applicationStatus >>> 16),
            (byte) (applicationStatus >>> 8),
            (byte) applicationStatus,
            (byte) protocolStatus,
            0,
            0,
            0
        };
    }

    /// The record that answers one of a type that isn't known.
    static byte[] unknown(int type) {
        return new byte[] {VERSION, UNKNOWN_TYPE, 0, 0, 0, 8, 0, 0, (byte) type, 0, 0, 0, 0, 0, 0, 0};
    }

    static void header(ByteBuf out, int type, int id, int length) {
        out.writeByte(VERSION).writeByte(type).writeShort(id).writeShort(length).writeShort(0);
    }
}
