package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.Environs;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.HttpException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a client sends for a value of any type, it is read, or it is the client's fault.
class HostileValuesTest {
    static List<Class<?>> types() {
        return Arrays.stream(ValueTypes.class.getDeclaredClasses())
                .filter(type -> type.isRecord() && type.getRecordComponents().length == 1)
                .<Class<?>>map(type -> type)
                .toList();
    }

    private static Request request(String type, byte[] body) {
        Environ environ = Environs.of("POST", body);
        environ.put("CONTENT_TYPE", type);
        return new Request(environ);
    }

    /// The status: 200 if the record was read. Anything but an HttpException fails the test.
    private static int read(Class<?> type, Request request) {
        try {
            Object read = new BodyRecord(RecordFields.shape(type, "test")).read(request);
            for (RecordComponent component : type.getRecordComponents()) {
                assertFinite(
                        RecordFields.shape(type, "test")
                                .components()
                                .getFirst()
                                .accessor()
                                .invoke(read),
                        component);
            }
            return 200;
        } catch (HttpException e) {
            return e.code();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void assertFinite(Object value, RecordComponent component) {
        String text = value instanceof BigDecimal number ? "scale " + number.scale() : String.valueOf(value);
        if (value instanceof Number
                || value instanceof OptionalDouble
                || value instanceof Map
                || value instanceof Optional) {
            assertThat(text).as("%s", component).doesNotContain("Infinity").doesNotContain("NaN");
        }
        if (value instanceof BigDecimal number) {
            assertThat(Math.abs((long) number.scale())).isLessThan(10_000);
        }
    }

    private static int json(Class<?> type, String value) {
        return json(type, ("{\"v\":" + value + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static int json(Class<?> type, byte[] body) {
        return read(type, request("application/json", body));
    }

    private static int form(Class<?> type, String value) {
        String body = "v=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        return read(type, request("application/x-www-form-urlencoded", body.getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @MethodSource("types")
    void noValueIsTheServersFault(Class<?> type) {
        Set<Integer> seen = new TreeSet<>();
        for (String text : ValueTypes.TEXTS) {
            seen.add(json(type, quoted(text)));
            seen.add(form(type, text));
        }
        for (String value : ValueTypes.JSON) {
            seen.add(json(type, value));
        }
        assertThat(seen).as("%s", type).isSubsetOf(200, 400, 413, 415, 422).contains(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "OfInt          | 1 -1 0 2147483647             | 1.9 1.0 1e2 1e400 2147483648 \"1\" \"\" true [1] 01"
                        + " +1",
                "OfBoxedInt     | 1                             | 1.9 \"1\" \"\"",
                "OfLong         | 9223372036854775807           | 9223372036854775808 1.5 1e3 \"1\"",
                "OfShort        | 32767                         | 32768 -32769 1.9",
                "OfByte         | 127 -128                      | 128 200 255 -129 1.9 \"1\"",
                "OfDouble       | 1 1.5 1e300 -0.0              | 1e400 -1e400 \"NaN\" \"Infinity\" \"1\" \"\" NaN"
                        + " Infinity true",
                "OfBoxedDouble  | 1 1.5                         | 1e400 \"NaN\" \"-Infinity\"",
                "OfFloat        | 1.5                           | 1e39 1e400 \"NaN\"",
                "OfMaybe        | 1.5 null                      | 1e400 \"NaN\"",
                "OfOptionalDouble | 1.5 null                    | 1e400 \"NaN\" \"1\"",
                "OfOptionalInt  | 1 null                        | 1.5 \"1\"",
                "OfInts         | [1,2]                         | [1.9] [\"1\"] [true]",
                "OfDoubles      | [1.5]                         | [1e400] [\"NaN\"]",
                "OfDoubleArray  | [1.5,2] []                    | [1e400] [\"NaN\"] [null] \"AAAAAAAAAAA=\" 1",
                "OfFloatArray   | [1.5,2] []                    | [1e39] [\"NaN\"]",
                "OfIntArray     | [1,2]                         | [1.9] [\"1\"]",
                "OfMap          | {\"a\":1e300}                 | {\"a\":1e400} {\"a\":[-1e400]}",
                "OfNumber       | 1 1.5                         | 1e400 \"1\"",
                "OfBigInteger   | 99999999999999999999          | 1.9 1e3 1e1000000000",
                "OfBigDecimal   | 1e400 1.25                    | 1e1000000000 1e-1000000000 \"NaN\"",
                "OfBoolean      | true false                    | 1 0 \"true\" \"yes\" \"\"",
                "OfChar         | \"a\"                         | \"ab\" 97",
                "OfEnum         | \"CAT\"                       | 0 1 \"0\" \"COW\" \"\"",
                "OfUuid         | \"a8098c1a-f86e-11da-bd1a-00112233ab88\" | \"1-1-1-1-1\" \"\""
                        + " \"AAAAAAAAAAAAAAAAAAAAAA==\" 1",
                "OfDate         | \"2020-02-29\"                | \"2020-02-30\" \"\" \"x\"",
                "OfInstant      | \"2020-01-01T00:00:00Z\"      | \"\" \"x\"",
                "OfZone         | \"Europe/Berlin\"             | \"Mars/Olympus\" \"\" \"+25:00\"",
                "OfDuration     | \"PT1S\"                      | \"PT99999999999999999999S\" \"\"",
                "OfIntKeys      | {\"1\":\"x\"}                 | {\"+1\":\"x\"} {\"1.0\":\"x\"} {\"x\":\"x\"}",
                "OfUuidKeys     | {}                            | {\"1-1-1-1-1\":\"x\"}"
            })
    void aValueOfJsonIsOfItsTypeOrRefused(String type, String taken, String refused) {
        assertEach(taken.split(" ", -1), type, HostileValuesTest::json, 200);
        assertEach(refused.split(" ", -1), type, HostileValuesTest::json, 400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "OfInt        | 1,-1,007,2147483647          | 1.9,+1, 1,1"
                        + " ,\u0661,1_000,0x10,1e2,2147483648,True,-,1L,",
                "OfByte       | 127                          | 128,-129",
                "OfShort      | 32767                        | 32768",
                "OfLong       | -9223372036854775808         | 9223372036854775808,1.0",
                "OfDouble     | 1,1.5,.5,1e300,-2E-3         | 1d,1f,0x1p3,NaN,Infinity,1e400,+1, 1,1_0,.,e1,1e",
                "OfFloat      | 1.5                          | 1e39,1f",
                "OfBigInteger | 99999999999999999999         | 1e3,+1,\u0661",
                "OfBigDecimal | 1.25,1e400                   | 1e1000000000,NaN,+1",
                "OfChar       | a                            | ab,",
                "OfBoolean    | true,on,off,FALSE            | 2,maybe",
                "OfEnum       | CAT,dog                      | 0,1,COW",
                "OfUuid       | A8098C1A-f86e-11da-bd1a-00112233ab88 | 1-1-1-1-1,x,",
                "OfDate       | 2020-02-29                   | 2020-02-30,2020-1-1,",
                "OfInstant    | 2020-01-01T00:00:00Z         | 1,x",
                "OfZone       | Europe/Berlin                | Mars/Olympus",
                "OfDuration   | PT1S                         | PT99999999999999999999S",
                "OfUri        | http://a/b                   | http://[::1",
                "OfInts       | 7                            | 1.9,+1",
                "OfMaybeUuid  | a8098c1a-f86e-11da-bd1a-00112233ab88 | 1-1-1-1-1",
                "Checked      | 2020-02-29                   | 2020-02-30",
                "Counted      | 1                            | 2147483648"
            })
    void aValueOfAFormIsOfItsTypeOrRefused(String type, String taken, String refused) {
        assertEach(taken.split(",", -1), type, HostileValuesTest::form, 200);
        assertEach(refused.split(",", -1), type, HostileValuesTest::form, 422);
    }

    /// Without a record around it.
    @ParameterizedTest
    @MethodSource("types")
    void norIsAValueByItself(Class<?> record) {
        Class<?> type = record.getRecordComponents()[0].getType();
        Set<Integer> seen = new TreeSet<>();
        List<String> values = new ArrayList<>(ValueTypes.JSON);
        ValueTypes.TEXTS.forEach(text -> values.add(quoted(text)));
        for (String value : values) {
            try {
                Object read = request("application/json", value.getBytes(StandardCharsets.UTF_8))
                        .json(type);
                assertThat(read).isNotNull();
            } catch (HttpException e) {
                seen.add(e.code());
            }
        }
        assertThat(seen).as("%s", type).isSubsetOf(400, 422).contains(400);
    }

    private static void assertEach(String[] values, String type, ToIntBiFunction<Class<?>, String> reader, int status) {
        Class<?> record = named(types(), type);
        for (String value : values) {
            assertThat(reader.applyAsInt(record, value))
                    .as("%s '%s'", type, value)
                    .isEqualTo(status);
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\u0000", "\\u0000") + '"';
    }

    private static Class<?> named(List<Class<?>> types, String name) {
        return types.stream()
                .filter(one -> one.getSimpleName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatTheConstructorRefusesAsTheJdkDoesIsSaidToTheClient() {
        assertThat(json(ValueTypes.Checked.class, "\"2020-02-30\"")).isEqualTo(422);
        assertThat(json(ValueTypes.Counted.class, "2147483648")).isEqualTo(422);
        assertThat(json(ValueTypes.Counted.class, "1")).isEqualTo(200);
        // Jackson takes an empty list for a date that is missing.
        assertThat(json(ValueTypes.OfDate.class, "[]")).isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource({"utf-16,400", "utf-32,400", "latin1,200"})
    void charactersThatAreMalformedAreTheClientsFault(String charset, int status) {
        byte[] whole = "{\"v\":\"x\"}".getBytes(Charset.forName(charset));
        byte[] cut = Arrays.copyOf(whole, whole.length - (charset.equals("latin1") ? 0 : 1));
        assertThat(json(ValueTypes.OfString.class, cut)).isEqualTo(status);
        byte[] utf8 = {'{', '"', 'v', '"', ':', '"', -1, -2, '"', '}'};
        assertThat(json(ValueTypes.OfString.class, utf8)).isEqualTo(400);
        assertThat(json(ValueTypes.OfString.class, new byte[4])).isEqualTo(400);
        byte[] utf32 = {0, 0, 0, '{', 0, 0, 0, '"', -1, -1, -1, -1};
        assertThat(json(ValueTypes.OfString.class, utf32)).isEqualTo(400);
    }

    interface Shape {}

    record ImpossibleInterface(Shape v) {}

    record ImpossibleList(List<Shape> v) {}

    static final class NoWayIn {
        private final int n;

        NoWayIn(int a, int b) {
            n = a + b;
        }

        @Override
        public String toString() {
            return "" + n;
        }
    }

    record ImpossibleClass(NoWayIn v) {}

    static final class TwoWaysIn {
        private final int n;

        @JsonCreator
        TwoWaysIn(@JsonProperty("a") int a) {
            n = a;
        }

        @JsonCreator
        TwoWaysIn(@JsonProperty("a") int a, @JsonProperty("b") int b) {
            n = a + b;
        }

        @Override
        public String toString() {
            return "" + n;
        }
    }

    record ImpossibleChoice(TwoWaysIn v) {}

    @ParameterizedTest
    @CsvSource({
        "ImpossibleInterface,{}",
        "ImpossibleList,[{}]",
        "ImpossibleClass,{}",
        "ImpossibleChoice,{}",
        "ImpossibleChoice,1"
    })
    void aTypeThatNoJsonBecomesIsTheApplicationsFault(String type, String value) {
        Class<?> impossible = named(List.of(HostileValuesTest.class.getDeclaredClasses()), type);

        assertThatThrownBy(() -> json(impossible, value))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("can be read from JSON")
                .hasMessageContaining(type);
    }
}
