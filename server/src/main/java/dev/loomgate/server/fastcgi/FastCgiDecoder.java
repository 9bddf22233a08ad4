package dev.loomgate.server.fastcgi;

import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.ForeignProtocols;
import dev.loomgate.server.cgi.Refused;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.fastcgi.FastCgiEvent.Aborted;
import dev.loomgate.server.fastcgi.FastCgiEvent.Answer;
import dev.loomgate.server.fastcgi.FastCgiEvent.BadRequest;
import dev.loomgate.server.fastcgi.FastCgiEvent.Broken;
import dev.loomgate.server.fastcgi.FastCgiEvent.Incomplete;
import dev.loomgate.server.fastcgi.FastCgiEvent.Input;
import dev.loomgate.server.fastcgi.FastCgiEvent.InputEnd;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the records of a FastCGI connection, in whatever pieces they come, and knows which requests are open on it.
///
/// | record | what happens |
/// |---|---|
/// | BEGIN_REQUEST of a responder | the request is open, until [#ended] |
/// | BEGIN_REQUEST of another role, or of one request too many | an [Answer] that refuses it |
/// | PARAMS | gathered; the stream's end is a [FastCgiEvent.Begun] or a [BadRequest] |
/// | STDIN | [Input], [InputEnd] |
/// | ABORT_REQUEST | [Aborted] |
/// | GET_VALUES | an [Answer] with those that are known |
/// | another one without a request | an [Answer], UNKNOWN_TYPE |
/// | one of a request that isn't open | skipped |
/// | anything else | [Broken] |
///
/// Pure: no channel, no clock. Source: the FastCGI Specification 1.0; [Records] has the format.
final class FastCgiDecoder {
    private static final int FIRST_BYTES = 4;
    private static final int BEGIN_BYTES = 8;
    private static final int MAX_VALUES_BYTES = 1024;

    private final Limits limits;
    private final Map<Integer, Params> open = new HashMap<>();
    private int reading; // of these, how many have incomplete variables

    private final byte[] header = new byte[Records.HEADER_BYTES];
    private int headerBytes;
    private int type;
    private int id;
    private int left; // of the content
    private int padding;
    private boolean skips;
    private boolean ended; // the record's content, of which the event has been given
    private final byte[] small = new byte[MAX_VALUES_BYTES];
    private int smallBytes;

    FastCgiDecoder(Limits limits) {
        this.limits = limits;
    }

    /// Whether a record has begun, or a request whose variables aren't complete.
    boolean isReadingHead() {
        return reading > 0 || (headerBytes > 0 && type != Records.STDIN);
    }

    /// The open requests whose variables aren't complete.
    List<Integer> incomplete() {
        return open.entrySet().stream()
                .filter(request -> !request.getValue().isComplete())
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Whether a request is open.
    boolean isOpen(int request) {
        return open.containsKey(request);
    }

    /// How much has come, for log lines.
    String progress() {
        if (headerBytes > 0 && headerBytes < Records.HEADER_BYTES) {
            return headerBytes + " of " + Records.HEADER_BYTES + " bytes of a record's header";
        }
        return open.values().stream()
                .filter(params -> !params.isComplete())
                .map(params -> params.size() + " bytes of the request variables")
                .findFirst()
                .orElse(left + " bytes before a record's end");
    }

    /// A request is over: what still comes of it is skipped.
    void ended(int request) {
        Params removed = open.remove(request);
        if (removed != null && !removed.isComplete()) {
            reading--;
        }
        skips |= headerBytes == Records.HEADER_BYTES && id == request;
    }

    /// Reads on, up to the next event.
    FastCgiEvent read(ByteBuf in) {
        while (true) {
            FastCgiEvent event;
            if (headerBytes < Records.HEADER_BYTES) {
                if (!in.isReadable()) {
                    return Incomplete.INCOMPLETE;
                }
                header[headerBytes++] = in.readByte();
                event = checkHeader();
            } else if (left > 0) {
                if (!in.isReadable()) {
                    return Incomplete.INCOMPLETE;
                }
                event = readContent(in);
            } else if (!ended) {
                ended = true;
                event = skips ? null : recordEnd();
            } else if (padding > 0) {
                int skipped = Math.min(padding, in.readableBytes());
                if (skipped == 0) {
                    return Incomplete.INCOMPLETE;
                }
                in.skipBytes(skipped);
                padding -= skipped;
                event = null;
            } else {
                headerBytes = 0;
                event = null;
            }
            if (event != null) {
                return event;
            }
        }
    }

    private @Nullable FastCgiEvent checkHeader() {
        if (header[0] != Records.VERSION) {
            return headerBytes < FIRST_BYTES ? null : foreign();
        }
        if (headerBytes < Records.HEADER_BYTES) {
            return null;
        }
        type = header[1] & 0xff;
        id = u16(header, 2);
        left = u16(header, 4);
        padding = header[6] & 0xff;
        ended = false;
        smallBytes = 0;
        skips = false;
        return id == Records.NO_REQUEST ? beginManagement() : beginRecord();
    }

    private FastCgiEvent foreign() {
        int first = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16 | header[3] << 24;
        Refused recognised = ForeignProtocols.recognise("fastcgi", first);
        return recognised == null
                ? broken("record has version %d, not 1".formatted(header[0] & 0xff))
                : new Broken(recognised.refusal(), recognised);
    }

    private @Nullable FastCgiEvent beginManagement() {
        if (type == Records.GET_VALUES) {
            return left > MAX_VALUES_BYTES
                    ? broken("GET_VALUES of %d bytes, over %d".formatted(left, MAX_VALUES_BYTES))
                    : null;
        }
        if (type <= Records.UNKNOWN_TYPE) {
            return broken("record of type %d without a request".formatted(type));
        }
        skips = true;
        return new Answer(Records.unknown(type), false);
    }

    private @Nullable FastCgiEvent beginRecord() {
        Params request = open.get(id);
        switch (type) {
            case Records.BEGIN_REQUEST -> {
                if (left != BEGIN_BYTES) {
                    return broken("BEGIN_REQUEST of %d bytes, not 8".formatted(left));
                }
                return request == null ? null : broken("BEGIN_REQUEST of request %d, which is open".formatted(id));
            }
            case Records.PARAMS -> {
                if (request == null) {
                    skips = true;
                } else if (request.isComplete()) {
                    return broken("PARAMS of request %d after their end".formatted(id));
                }
            }
            case Records.STDIN -> {
                if (request == null) {
                    skips = true;
                } else if (!request.isComplete()) {
                    return broken("STDIN of request %d before the end of its PARAMS".formatted(id));
                }
            }
            case Records.ABORT_REQUEST -> {
                if (left > 0) {
                    return broken("ABORT_REQUEST of %d bytes, not 0".formatted(left));
                }
                skips = request == null;
            }
            default -> {
                return broken("record of type %d in request %d, which no responder takes".formatted(type, id));
            }
        }
        return null;
    }

    private @Nullable FastCgiEvent readContent(ByteBuf in) {
        int length = Math.min(left, in.readableBytes());
        if (skips) {
            left -= length;
            in.skipBytes(length);
            return null;
        }
        switch (type) {
            case Records.STDIN -> {
                left -= length;
                return new Input(id, length);
            }
            case Records.PARAMS -> {
                Params params = openRequest();
                if (params.isTooLarge(left)) {
                    FastCgiEvent refusal = params.tooLarge(left);
                    ended(id);
                    return refusal;
                }
                left -= length;
                params.append(in, length);
            }
            default -> {
                left -= length;
                in.readBytes(small, smallBytes, length);
                smallBytes += length;
            }
        }
        return null;
    }

    private @Nullable FastCgiEvent recordEnd() {
        boolean empty = u16(header, 4) == 0;
        switch (type) {
            case Records.BEGIN_REQUEST -> {
                return begin();
            }
            case Records.PARAMS -> {
                if (!empty) {
                    return null;
                }
                FastCgiEvent event = openRequest().complete();
                reading--;
                if (event instanceof BadRequest) {
                    ended(id);
                }
                return event;
            }
            case Records.STDIN -> {
                return empty ? new InputEnd(id) : null;
            }
            case Records.ABORT_REQUEST -> {
                Params params = openRequest();
                if (params.isComplete()) {
                    return new Aborted(id);
                }
                ended(id);
                return new Answer(Records.end(id, Records.REQUEST_COMPLETE, 0), !params.keeps());
            }
            default -> {
                return values();
            }
        }
    }

    private @Nullable FastCgiEvent begin() {
        int role = u16(small, 0);
        boolean keeps = (small[2] & Records.KEEP_CONN) != 0;
        if (role != Records.RESPONDER) {
            return new Answer(Records.end(id, Records.UNKNOWN_ROLE, 0), !keeps);
        }
        if (open.size() >= limits.fastcgiRequests()) {
            int status = limits.fastcgiRequests() == 1 ? Records.CANT_MPX_CONN : Records.OVERLOADED;
            return new Answer(Records.end(id, status, 0), !keeps);
        }
        open.put(id, new Params(id, keeps, limits));
        reading++;
        return null;
    }

    private FastCgiEvent values() {
        Map<String, Integer> known = Map.of(
                "FCGI_MAX_CONNS",
                limits.maxConnections(),
                "FCGI_MAX_REQS",
                limits.maxMicrothreads(),
                "FCGI_MPXS_CONNS",
                limits.fastcgiRequests() > 1 ? 1 : 0);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(new byte[Records.HEADER_BYTES]);
        NameValues asked = new NameValues(small, smallBytes);
        while (asked.hasNext()) {
            if (!asked.next()) {
                return broken("GET_VALUES whose %d bytes end in a name".formatted(smallBytes));
            }
            String name = new String(small, asked.name(), asked.nameLength(), StandardCharsets.ISO_8859_1);
            Integer value = known.get(name);
            if (value != null) {
                String text = value.toString();
                answer.write(name.length());
                answer.write(text.length());
                answer.writeBytes((name + text).getBytes(StandardCharsets.US_ASCII));
            }
        }
        byte[] record = answer.toByteArray();
        int length = record.length - Records.HEADER_BYTES;
        record[0] = Records.VERSION;
        record[1] = Records.GET_VALUES_RESULT;
        record[4] = (byte) (length >>> 8);
        record[5] = (byte) length;
        return new Answer(record, false);
    }

    private Params openRequest() {
        Params request = open.get(id);
        if (request == null) {
            throw new IllegalStateException("request " + id + " isn't open");
        }
        return request;
    }

    private static FastCgiEvent broken(String what) {
        return new Broken(new Refusal(400, "the connection is malformed", "fastcgi: " + what), null);
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
