package dev.loomgate.gateway.lint.request;

import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.specification.Clause;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// A request's input whose reads are checked on both sides.
public final class LintedInput extends InputStream {
    private final InputStream input;
    private final Exchange exchange;
    private long count;
    private boolean atEnd;
    private boolean closed;

    /// @param input the container's
    public LintedInput(InputStream input, Exchange exchange) {
        this.input = input;
        this.exchange = exchange;
    }

    @Override
    public int read() throws IOException {
        checkMayRead();
        int value = input.read();
        exchange.check(value >= -1 && value <= 255, Clause.INPUT_BYTE, "read() returned " + value);
        took(value < 0 ? -1 : 1);
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        checkMayRead();
        try {
            Objects.checkFromIndexSize(offset, length, bytes.length);
        } catch (IndexOutOfBoundsException e) {
            throw exchange.found(
                    Clause.INPUT_RANGE,
                    "offset %d and length %d in an array of %d".formatted(offset, length, bytes.length),
                    e);
        }
        int read = input.read(bytes, offset, length);
        boolean possible = length == 0 ? read == 0 : read == -1 || (read > 0 && read <= length);
        exchange.check(possible, Clause.INPUT_COUNT, "a read of " + length + " bytes returned " + read);
        if (length > 0) {
            took(read);
        }
        return read;
    }

    @Override
    public long skip(long wanted) throws IOException {
        checkMayRead();
        long skipped = input.skip(wanted);
        exchange.check(
                skipped >= 0 && skipped <= Math.max(0, wanted),
                Clause.INPUT_SKIP,
                "a skip of " + wanted + " bytes returned " + skipped);
        if (skipped > 0) {
            took(skipped);
        }
        return skipped;
    }

    @Override
    public int available() throws IOException {
        checkMayRead();
        int available = input.available();
        exchange.check(available >= 0, Clause.INPUT_AVAILABLE, "available() returned " + available);
        return available;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        input.close();
    }

    private void checkMayRead() {
        exchange.check(!closed, Clause.INPUT_CLOSED, "a read after " + count + " bytes");
        exchange.check(!exchange.ended(), Clause.INPUT_AFTER_RESPONSE, "a read after " + count + " bytes");
    }

    private void took(long read) {
        boolean isEnd = read < 0;
        exchange.check(isEnd || !atEnd, Clause.INPUT_END_STAYS, read + " bytes came after the end");
        atEnd = isEnd;
        count += isEnd ? 0 : read;
        long length = exchange.inputLength().orElse(count);
        exchange.check(
                isEnd ? count == length : count <= length,
                Clause.INPUT_LENGTH,
                "CONTENT_LENGTH is " + length + ", " + (isEnd ? "the input ended after " : "the input gave ") + count
                        + " bytes");
    }
}
