package dev.loomgate.python.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the JVM writes is read by CPython's own `marshal`, and the other way round.
class MarshalTest {
    private static final Random RANDOM = new Random(20261123);

    @SuppressWarnings("NullAway.Init")
    private static PythonPeer python;

    @BeforeAll
    static void start() throws IOException {
        python = new PythonPeer();
    }

    @AfterAll
    static void stop() throws IOException {
        python.close();
    }

    static List<String> texts() {
        return List.of(
                "",
                "a",
                "GET /user?name=Bob",
                "\u0000\u007f",
                "\u0080",
                "caf\u00e9",
                "\u00ff".repeat(255),
                "\u0100",
                // whose low byte is ASCII
                "\u0141\u4e2d\u2041",
                "\u4e2d\u6587",
                "\ud83d\ude00 astral \ud83d\ude00",
                "a".repeat(254),
                "a".repeat(255),
                "a".repeat(256),
                "a".repeat(255) + "\u00e9",
                "a".repeat(70_000));
    }

    static List<Long> numbers() {
        List<Long> numbers = new ArrayList<>(List.of(0L, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE));
        for (int bit = 0; bit < 63; bit++) {
            for (long near = -1; near <= 1; near++) {
                numbers.add((1L << bit) + near);
                numbers.add(-(1L << bit) + near);
            }
        }
        return numbers;
    }

    /// `str(value)` or the like of what has been written, by CPython.
    private static String python(MarshalWriter written, String expression) throws IOException {
        byte[] argument = written.toByteArray();
        return new String(
                python.evaluate("(lambda value: " + expression + ")(marshal.loads(argument)).encode()", argument),
                StandardCharsets.UTF_8);
    }

    /// What CPython writes for an expression, in the version of the format that workers write.
    private static @Nullable Object read(String expression, byte[] argument, int version) throws IOException {
        return MarshalReader.read(Unpooled.wrappedBuffer(
                python.evaluate("marshal.dumps(" + expression + ", " + version + ")", argument)));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textArrives(String text) throws Exception {
        assertThat(python(new MarshalWriter(1).text(text), "value")).isEqualTo(text);
        assertThat(python(
                        new MarshalWriter(1).beginDictionary().text(text).none().endDictionary(), "list(value)[0]"))
                .isEqualTo(text);
    }

    @Test
    void noTextIsInterned() throws Exception {
        // What is interned stays until the process ends (Python 3.12 and later), and clients choose the keys.
        String key = "HTTP_X_NOBODY_ELSE_HAS_IT";
        byte[] written = new MarshalWriter(1)
                .beginDictionary()
                .text(key)
                .none()
                .endDictionary()
                .bytes();
        assertThat((char) written[1]).isEqualTo('z');
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textComesBack(String text) throws Exception {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int version = 2; version <= 4; version++) {
            assertThat(read("argument.decode()", utf8, version)).isEqualTo(text);
        }
    }

    @Test
    void numbersArriveAndComeBack() throws Exception {
        for (long number : numbers()) {
            assertThat(python(new MarshalWriter(1).integer(number), "str(value)"))
                    .isEqualTo("" + number);
            assertThat(read("" + number, new byte[0], 2)).isEqualTo(number);
        }
        assertThat(python(new MarshalWriter(1).bool(true), "repr(value)")).isEqualTo("True");
        assertThat(python(new MarshalWriter(1).bool(false), "repr(value)")).isEqualTo("False");
        assertThat(python(new MarshalWriter(1).none(), "repr(value)")).isEqualTo("None");
        assertThat(read("(None, True, False, 1.5, -0.25)", new byte[0], 2))
                .isEqualTo(Arrays.asList(null, true, false, 1.5, -0.25));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2 ** 63", "-2 ** 63 - 1", "2 ** 64", "-2 ** 64", "2 ** 75", "10 ** 1000"})
    void aLargerNumberIsRefused(String number) {
        assertThatThrownBy(() -> read(number, new byte[0], 2))
                .isInstanceOf(FrameException.class)
                .hasMessage("an integer has more than 64 bits");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 70_000})
    void bytesArriveAndComeBack(int count) throws Exception {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        assertThat(python.evaluate(
                        "marshal.loads(argument)",
                        new MarshalWriter(1).bytes(bytes).toByteArray()))
                .isEqualTo(bytes);
        assertThat(read("argument", bytes, 2)).isEqualTo(bytes);
    }

    @Test
    void whatIsSharedIsReadTwice() throws Exception {
        Object value = read(
                "(lambda s: (s, [s, s], {'k': s}))(argument.decode())", "shared".getBytes(StandardCharsets.UTF_8), 4);
        assertThat(value).isEqualTo(List.of("shared", List.of("shared", "shared"), Map.of("k", "shared")));
    }

    @Test
    void randomDictionariesArrive() throws Exception {
        for (int round = 0; round < 50; round++) {
            Map<String, Object> expected = new LinkedHashMap<>();
            MarshalWriter writer = new MarshalWriter(1).beginDictionary();
            for (int i = RANDOM.nextInt(20); i > 0; i--) {
                String key = text();
                if (expected.containsKey(key)) {
                    continue;
                }
                writer.text(key);
                if (RANDOM.nextBoolean()) {
                    String text = text();
                    writer.text(text);
                    expected.put(key, text);
                } else {
                    long number = RANDOM.nextLong() >> RANDOM.nextInt(64);
                    writer.integer(number);
                    expected.put(key, number);
                }
            }
            byte[] argument = writer.endDictionary().toByteArray();
            assertThat(MarshalReader.read(Unpooled.wrappedBuffer(argument))).isEqualTo(expected);
            assertThat(read("marshal.loads(argument)", argument, 2 + RANDOM.nextInt(3)))
                    .isEqualTo(expected);
        }
    }

    private static String text() {
        StringBuilder text = new StringBuilder();
        int most = new int[] {0x7f, 0xff, 0xd7ff, 0x10ffff}[RANDOM.nextInt(4)];
        for (int i = RANDOM.nextInt(300); i > 0; i--) {
            int character = RANDOM.nextInt(most + 1);
            text.appendCodePoint(character >= 0xd800 && character <= 0xdfff ? 'x' : character);
        }
        return text.toString();
    }

    @Test
    void whatIsCutOffOrUnknownIsSaid() throws Exception {
        byte[] whole = python.evaluate(
                "marshal.dumps(('call', 'text', 12, 2 ** 40, b'bytes', {'key': [1.5, None]}), 2)", new byte[0]);
        assertThat(MarshalReader.read(Unpooled.wrappedBuffer(whole))).isInstanceOf(List.class);
        for (int length = 0; length < whole.length; length++) {
            ByteBuf part = Unpooled.wrappedBuffer(whole, 0, length);
            assertThatThrownBy(() -> MarshalReader.read(part))
                    .as(length + " bytes")
                    .isInstanceOf(FrameException.class);
        }
        assertThatThrownBy(() -> read("1j", new byte[0], 2))
                .isInstanceOf(FrameException.class)
                .hasMessage("a marshal value has the type 0x79, which isn't expected");
        assertThatThrownBy(() -> read("[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]", new byte[0], 2))
                .isInstanceOf(FrameException.class)
                .hasMessage("a marshal value is nested deeper than 16");
    }

    @Test
    void randomBytesNeverDoWorse() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[RANDOM.nextInt(60)];
            RANDOM.nextBytes(bytes);
            try {
                MarshalReader.read(Unpooled.wrappedBuffer(bytes));
            } catch (FrameException e) {
                assertThat(e).hasMessageMatching("an? .*");
            }
        }
    }
}
