package dev.loomgate.toolkit.syntax.multipart;

import java.io.IOException;

/// Reads `multipart/form-data` (RFC 7578, RFC 2046 section 5.1) as it comes: bytes in, a [MultipartSink]'s calls
/// out.
///
/// ```
/// preamble, ignored
/// --boundary
/// Content-Disposition: form-data; name="a"          head, up to a blank line
///
/// value                                             data, up to the next delimiter's line break
/// --boundary--
/// epilogue, ignored
/// ```
///
/// A line ends with CRLF, or with CR or LF alone, as some clients write it. Time is linear in the number of bytes
/// for every input and however it is cut, and memory is constant: what isn't a head or the beginning of a
/// delimiter is handed on at once.
public final class MultipartDecoder {
    /// How much of a delimiter's line may be blanks (RFC 2046's transport padding): what has more is data.
    private static final int MAX_PADDING = 256;

    private static final int MAX_HEAD_BYTES = 8 * 1024;
    private static final int MAX_BOUNDARY = 256;
    private static final int BUFFER_BYTES = 32 * 1024;

    private static final int UNDECIDED = -1;
    private static final int NO_DELIMITER = -2;

    private enum State {
        PREAMBLE,
        HEAD,
        DATA,
        EPILOGUE
    }

    private final DelimiterSearch delimiter;
    private final MultipartSink sink;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    // The body may begin with a delimiter: a line break before it is imagined.
    private State state = State.PREAMBLE;
    private int end = 1;

    /// What is before it has been dealt with.
    private int start;

    /// What is before it has been searched; it may lie before `start`, as the line break after a head may also be
    /// the one of a delimiter.
    private int at;

    /// @param boundary the Content-Type's parameter
    /// @throws MultipartException if it is none
    public MultipartDecoder(String boundary, MultipartSink sink) throws MultipartException {
        if (boundary.isEmpty()) {
            throw MultipartException.malformed("The form's Content-Type has no boundary.");
        }
        if (boundary.length() > MAX_BOUNDARY) {
            throw MultipartException.malformed("The form's boundary has more than " + MAX_BOUNDARY + " characters.");
        }
        byte[] bytes = new byte[boundary.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = boundary.charAt(i);
            if (c >= 0x80 || c == '\r' || c == '\n') {
                throw MultipartException.malformed("The form's boundary has characters that none may have.");
            }
            bytes[i] = (byte) c;
        }
        delimiter = new DelimiterSearch(bytes);
        this.sink = sink;
        buffer[0] = '\n';
    }

    /// Takes the body's next bytes.
    ///
    /// @throws MultipartException if the body is malformed, or a head is too large
    /// @throws IOException what the sink threw
    public void receive(byte[] bytes, int offset, int length) throws MultipartException, IOException {
        int from = offset;
        int left = length;
        while (left > 0 && state != State.EPILOGUE) {
            if (end == buffer.length) {
                compact();
            }
            int count = Math.min(left, buffer.length - end);
            System.arraycopy(bytes, from, buffer, end, count);
            end += count;
            from += count;
            left -= count;
            decode();
        }
    }

    /// The body has ended.
    ///
    /// @throws MultipartException if it should have gone on
    public void finish() throws MultipartException {
        if (state != State.EPILOGUE) {
            throw MultipartException.malformed("The form ends before its last boundary.");
        }
    }

    private void compact() {
        int kept = Math.min(start, at);
        System.arraycopy(buffer, kept, buffer, 0, end - kept);
        start -= kept;
        at -= kept;
        end -= kept;
    }

    private void decode() throws MultipartException, IOException {
        boolean more = true;
        while (more) {
            more = switch (state) {
                case HEAD -> head();
                case PREAMBLE, DATA -> data();
                case EPILOGUE -> false;
            };
        }
    }

    /// Reads a part's head if all of it is there.
    private boolean head() throws MultipartException, IOException {
        if (start < end && isBreak(start)) {
            throw MultipartException.malformed("A part of the form has no Content-Disposition.");
        }
        int last = Math.min(end, start + MAX_HEAD_BYTES);
        for (; at < last; at++) {
            int second = blankLine();
            if (second == UNDECIDED) {
                return false;
            }
            if (second >= 0) {
                PartHead head = PartHead.parse(buffer, start, at);
                state = State.DATA;
                start = second + breakLength(second);
                at = second;
                sink.part(head);
                return true;
            }
        }
        if (end - start >= MAX_HEAD_BYTES) {
            throw MultipartException.overLimit(
                    "A part's headers in the form are over the limit of " + MAX_HEAD_BYTES + " bytes.");
        }
        return false;
    }

    /// The second of two line breaks of the same kind that begin here, if there are two.
    private int blankLine() {
        byte c = buffer[at];
        if (c == '\n') {
            return at + 1 == end ? UNDECIDED : buffer[at + 1] == '\n' ? at + 1 : NO_DELIMITER;
        }
        if (c != '\r') {
            return NO_DELIMITER;
        }
        // Where a CR is the last byte, an LF may follow that belongs to it.
        if (at + 2 >= end) {
            return UNDECIDED;
        }
        if (buffer[at + 1] == '\r') {
            return at + 1;
        }
        if (buffer[at + 1] != '\n' || buffer[at + 2] != '\r') {
            return NO_DELIMITER;
        }
        return at + 3 == end ? UNDECIDED : buffer[at + 3] == '\n' ? at + 2 : NO_DELIMITER;
    }

    /// Hands data on up to the next delimiter, or as far as it is certain that there is none.
    private boolean data() throws IOException {
        while (true) {
            int found = delimiter.find(buffer, at, end);
            if (found < 0) {
                at = -found - 1;
                emit(beforeBreak(Math.min(at, end)));
                return false;
            }
            at = found;
            int next = afterDelimiter(found + delimiter.length());
            if (next != NO_DELIMITER) {
                emit(buffer[found] == '\n' ? beforeBreak(found) : found);
                if (next == UNDECIDED) {
                    return false;
                }
                if (state == State.DATA) {
                    sink.partEnd();
                }
                boolean last = buffer[found + delimiter.length()] == '-';
                state = last ? State.EPILOGUE : State.HEAD;
                start = next;
                at = next;
                return true;
            }
            at++;
        }
    }

    /// The place after the rest of a delimiter's line: after two dashes, or after blanks and a line break.
    private int afterDelimiter(int place) {
        int next = place;
        if (next + 1 < end && buffer[next] == '-' && buffer[next + 1] == '-') {
            return next + 2;
        }
        if (next < end && buffer[next] == '-') {
            return next + 1 == end ? UNDECIDED : NO_DELIMITER;
        }
        while (next < end && isPadding(buffer[next])) {
            next++;
        }
        if (next - place > MAX_PADDING) {
            return NO_DELIMITER;
        }
        if (next == end || (buffer[next] == '\r' && next + 1 == end)) {
            return UNDECIDED;
        }
        return isBreak(next) ? next + breakLength(next) : NO_DELIMITER;
    }

    /// The place itself, or the one before it if a CR is there: its LF may begin a delimiter.
    private int beforeBreak(int place) {
        return place > start && buffer[place - 1] == '\r' ? place - 1 : place;
    }

    private void emit(int to) throws IOException {
        if (to > start) {
            if (state == State.DATA) {
                sink.data(buffer, start, to - start);
            }
            start = to;
        }
    }

    private boolean isBreak(int place) {
        return buffer[place] == '\r' || buffer[place] == '\n';
    }

    /// Its byte after is there.
    private int breakLength(int place) {
        return buffer[place] == '\r' && buffer[place + 1] == '\n' ? 2 : 1;
    }

    private static boolean isPadding(byte b) {
        return b == ' ' || b == '\t' || b == 0x0b || b == 0x0c;
    }
}
