package dev.loomgate.python.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Environ;
import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.CgiVariables;
import dev.loomgate.server.head.HeadWriter;
import dev.loomgate.server.uwsgi.UwsgiDecoder;
import dev.loomgate.server.uwsgi.UwsgiRequest;
import dev.loomgate.testkit.peers.Python;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a worker reads and answers itself, in direct mode, is what it gets from the JVM and what the JVM would send.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DirectAnswersTest {
    private static final Path PROGRAM = Path.of("src/test/python/direct_answers.py");
    private static final int COUNT = 20_000;

    private static ByteBuf answers;

    @BeforeAll
    static void ask(@TempDir Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("answers");
        Process process = new ProcessBuilder(Python.DEBIAN, PROGRAM.toString(), Integer.toString(COUNT))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(file.toFile())
                .start();
        assertThat(process.waitFor()).isZero();
        answers = Unpooled.wrappedBuffer(Files.readAllBytes(file));
    }

    @AfterAll
    static void release() {
        answers.release();
    }

    @Test
    void aPlainPacketIsTheSameRequest() {
        Limits limits = Limits.builder().maxBodyBytes(0).build();
        int packets = 0;
        for (List<byte[]> answer : answersOf('P', 2)) {
            byte[] packet = answer.getFirst();
            ByteBuf in = Unpooled.wrappedBuffer(packet);
            UwsgiRequest request = (UwsgiRequest) new UwsgiDecoder(limits).decode(in);
            Environ environ = new Environ(new CgiVariables(request));
            Object written = MarshalReader.read(
                    Unpooled.wrappedBuffer(EnvironWriter.write(environ).toByteArray()));
            assertThat(variables(answer.getLast())).as(latin1(packet)).isEqualTo(Objects.requireNonNull(written));
            assertThat(in.readableBytes()).as(latin1(packet)).isEqualTo((int) request.bodyBytes());
            packets++;
        }
        assertThat(packets).isGreaterThan(COUNT / 10);
    }

    @Test
    void aReplyIsWhatTheServerSends() {
        HeadWriter writer = new HeadWriter();
        int heads = 0;
        for (List<byte[]> answer : answersOf('R', 3)) {
            byte[] head = answer.get(0);
            byte[] body = answer.get(1);
            ResponseHead parsed = ResponseHead.parse(head);
            assertThat(parsed.status().bodiless()).as(latin1(head)).isFalse();
            assertThat(parsed.promisedBytes()).as(latin1(head)).isIn((long) body.length, Long.MAX_VALUE);
            writer.begin(parsed.status(), parsed.headers());
            writer.contentLength(body.length);
            writer.end();
            ByteBuf sent = Unpooled.buffer();
            writer.writeTo(sent);
            assertThat(latin1(answer.getLast())).isEqualTo(sent.toString(StandardCharsets.ISO_8859_1) + latin1(body));
            heads++;
        }
        assertThat(heads).isGreaterThan(COUNT / 20);
    }

    private static List<List<byte[]>> answersOf(char wanted, int parts) {
        List<List<byte[]>> found = new ArrayList<>();
        ByteBuf in = answers.duplicate();
        while (in.isReadable()) {
            char kind = (char) in.readByte();
            List<byte[]> answer = new ArrayList<>();
            for (int i = 0; i < (kind == 'P' ? 2 : 3); i++) {
                byte[] part = new byte[in.readIntLE()];
                in.readBytes(part);
                answer.add(part);
            }
            if (kind == wanted) {
                assertThat(answer).hasSize(parts);
                found.add(answer);
            }
        }
        return found;
    }

    private static Map<String, String> variables(byte[] shown) {
        String[] texts = latin1(shown).split("\0", -1);
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i + 1 < texts.length; i += 2) {
            variables.put(texts[i], texts[i + 1]);
        }
        return variables;
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
