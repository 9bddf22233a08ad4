package dev.loomgate.server.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.fastcgi.FastCgiEvent.Aborted;
import dev.loomgate.server.fastcgi.FastCgiEvent.Answer;
import dev.loomgate.server.fastcgi.FastCgiEvent.BadRequest;
import dev.loomgate.server.fastcgi.FastCgiEvent.Begun;
import dev.loomgate.server.fastcgi.FastCgiEvent.Broken;
import dev.loomgate.server.fastcgi.FastCgiEvent.Incomplete;
import dev.loomgate.server.fastcgi.FastCgiEvent.Input;
import dev.loomgate.server.fastcgi.FastCgiEvent.InputEnd;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Records of FastCGI give the same events and the same bodies however they are cut; requests begin once, and
/// no more at once than a connection may have.
@Tag("once")
final class FastCgiFuzzTest implements FuzzTarget {
    private static final Limits LIMITS = Limits.builder()
            .maxHeaderBytes(300)
            .maxHeaderCount(8)
            .maxBodyBytes(1_000_000)
            .fastcgiRequests(2)
            .build();

    private boolean begun;

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        begun = false;
        List<String> whole = events(List.of(input.bytes()), input.option(0));
        List<String> cut = events(input.pieces(), input.option(0));
        assertThat(cut).isEqualTo(whole);
        return begun;
    }

    // Bytes of bodies are joined: a body comes in as many pieces as its bytes do.
    private List<String> events(List<byte[]> pieces, boolean endsEarly) {
        FastCgiDecoder decoder = new FastCgiDecoder(LIMITS);
        List<String> events = new ArrayList<>();
        Map<Integer, StringBuilder> bodies = new TreeMap<>();
        TreeSet<Integer> open = new TreeSet<>();
        ByteBuf in = Unpooled.buffer();
        for (byte[] piece : pieces) {
            in.writeBytes(piece);
            for (FastCgiEvent event; (event = decoder.read(in)) != Incomplete.INCOMPLETE; ) {
                switch (event) {
                    case Begun(int id, boolean keeps, FastCgiRequest request) -> {
                        begun = true;
                        assertThat(open.add(id)).isTrue();
                        assertThat(open).hasSizeLessThanOrEqualTo(LIMITS.fastcgiRequests());
                        assertThat(decoder.isOpen(id)).isTrue();
                        events.add("begun " + id + keeps + variables(request));
                        if (endsEarly) {
                            open.remove(id);
                            decoder.ended(id);
                            assertThat(decoder.isOpen(id)).isFalse();
                        }
                    }
                    case BadRequest(int id, boolean keeps, var refusal) -> {
                        assertThat(refusal.problem()).matches("fastcgi: [ -~]+");
                        assertThat(decoder.isOpen(id)).isFalse();
                        assertThat(open).doesNotContain(id);
                        events.add("bad " + id + keeps + refusal);
                    }
                    case Input(int id, int length) -> {
                        assertThat(open).contains(id);
                        assertThat(length).isBetween(1, in.readableBytes());
                        bodies.computeIfAbsent(id, _ -> new StringBuilder())
                                .append(in.readCharSequence(length, StandardCharsets.ISO_8859_1));
                    }
                    case InputEnd(int id) -> {
                        assertThat(open).contains(id);
                        events.add("end " + id + bodies.remove(id));
                    }
                    case Aborted(int id) -> {
                        assertThat(open.remove(id)).isTrue();
                        events.add("aborted " + id + bodies.remove(id));
                        decoder.ended(id);
                    }
                    case Answer(byte[] bytes, boolean ends) -> {
                        assertThat(bytes.length).isEqualTo(8 + (((bytes[4] & 0xff) << 8) | (bytes[5] & 0xff)));
                        events.add("answer " + HexFormat.of().formatHex(bytes) + ends);
                    }
                    case Broken(var refusal, var foreign) -> {
                        assertThat(refusal.problem()).matches("fastcgi: [ -~]+");
                        events.add("broken " + refusal + (foreign == null));
                        return events;
                    }
                    case Incomplete _ -> throw new AssertionError("left the loop");
                }
            }
            assertThat(in.isReadable()).isFalse();
            in.clear();
        }
        assertThat(decoder.progress()).isNotEmpty();
        events.add("left " + decoder.isReadingHead() + decoder.incomplete() + bodies);
        return events;
    }

    private static Map<String, String> variables(FastCgiRequest request) {
        Map<String, String> variables = new TreeMap<>();
        request.variables().forEachKey(key -> variables.put(key, String.valueOf(request.text(key))));
        assertThat(variables.keySet()).allMatch(key -> key.matches("[!-~]+"));
        assertThat(request.bodyBytes()).isBetween(0L, LIMITS.maxBodyBytes());
        return variables;
    }
}
