package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.HttpException;
import java.io.ByteArrayInputStream;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a client sends for a value of any type, it is read, or it is the client's fault.
@SuppressWarnings("ArrayRecordComponent")
class HostileValuesTest {
    enum Kind {
        CAT,
        DOG
    }

    record OfByte(byte v) {}

    record OfShort(short v) {}

    record OfInt(int v) {}

    record OfLong(long v) {}

    record OfFloat(float v) {}

    record OfDouble(double v) {}

    record OfChar(char v) {}

    record OfBoolean(boolean v) {}

    record OfBoxedInt(Integer v) {}

    record OfBoxedDouble(Double v) {}

    record OfBigInteger(BigInteger v) {}

    record OfBigDecimal(BigDecimal v) {}

    record OfNumber(Number v) {}

    record OfString(String v) {}

    record OfEnum(Kind v) {}

    record OfUuid(UUID v) {}

    record OfUri(URI v) {}

    record OfPath(Path v) {}

    record OfLocale(Locale v) {}

    record OfCharset(Charset v) {}

    record OfCurrency(Currency v) {}

    record OfPattern(Pattern v) {}

    record OfTimeZone(TimeZone v) {}

    record OfZone(ZoneId v) {}

    record OfDate(LocalDate v) {}

    record OfTime(LocalTime v) {}

    record OfDateTime(LocalDateTime v) {}

    record OfOffsetDateTime(OffsetDateTime v) {}

    record OfZonedDateTime(ZonedDateTime v) {}

    record OfInstant(Instant v) {}

    record OfDuration(Duration v) {}

    record OfPeriod(Period v) {}

    record OfYear(Year v) {}

    record OfYearMonth(YearMonth v) {}

    record OfOldDate(java.util.Date v) {}

    record OfOptionalDouble(OptionalDouble v) {}

    record OfOptionalInt(OptionalInt v) {}

    record OfMaybe(Optional<Double> v) {}

    record OfMaybeUuid(Optional<UUID> v) {}

    record OfInts(List<Integer> v) {}

    record OfDoubles(List<Double> v) {}

    record OfDays(List<LocalDate> v) {}

    record OfDoubleArray(double[] v) {}

    record OfFloatArray(float[] v) {}

    record OfIntArray(int[] v) {}

    record OfBytes(byte[] v) {}

    record OfMap(Map<String, Object> v) {}

    record OfIntKeys(Map<Integer, String> v) {}

    record OfUuidKeys(Map<UUID, String> v) {}

    record OfDayKeys(Map<LocalDate, String> v) {}

    record OfKindKeys(Map<Kind, String> v) {}

    record Inner(int n, LocalDate day) {}

    record OfRecord(Inner v) {}

    record OfRecords(List<Inner> v) {}

    /// Refuses by itself what the JDK refuses.
    record Checked(String v) {
        Checked {
            var _ = LocalDate.parse(v);
        }
    }

    record Counted(long v) {
        Counted {
            var _ = Math.toIntExact(v);
        }
    }

    static List<Class<?>> types() {
        return Arrays.stream(HostileValuesTest.class.getDeclaredClasses())
                .filter(type -> type.isRecord() && type != Inner.class && type.getRecordComponents().length == 1)
                .filter(type -> !type.getSimpleName().startsWith("Impossible"))
                .<Class<?>>map(type -> type)
                .toList();
    }

    private static final String DEEP = "[".repeat(600) + "]".repeat(600);
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "1",
            "-1",
            "+1",
            " 1 ",
            "1 ",
            "\u0661",
            "1_000",
            "1,5",
            "0x10",
            "0x1p3",
            "1d",
            "1f",
            "1L",
            "1.9",
            "1.0",
            ".5",
            "1.",
            "1e2",
            "1e400",
            "-1e400",
            "1e-400",
            "1e39",
            "1e1000000000",
            "1e-1000000000",
            "1e99999999999999999999",
            "NaN",
            "Infinity",
            "-Infinity",
            "128",
            "-129",
            "32768",
            "2147483648",
            "9223372036854775808",
            "-9223372036854775809",
            "1".repeat(1001),
            "0." + "1".repeat(1001),
            "9".repeat(400) + ".0",
            "true",
            "True",
            "yes",
            "on",
            "0",
            "null",
            "None",
            "CAT",
            "cat",
            "ab",
            "\ud83d\ude00",
            "\u0000",
            "a\u0000b",
            "1-1-1-1-1",
            "a8098c1a-f86e-11da-bd1a-00112233ab88",
            "a8098c1a-f86e-11da-bd1a-00112233ab8g",
            "AAAAAAAAAAAAAAAAAAAAAA==",
            "2020-02-29",
            "2020-02-30",
            "2020-13-01",
            "+1000000000-01-01",
            "-1000000000-01-01",
            "24:00",
            "25:00",
            "2020-01-01T00:00",
            "2020-01-01T00:00:00+19:00",
            "2020-01-01T00:00:00Z[Mars/Olympus]",
            "+1000000000-12-31T23:59:59Z",
            "PT1S",
            "PT99999999999999999999S",
            "P99999999999Y",
            "P1Y",
            "Europe/Berlin",
            "Mars/Olympus",
            "+25:00",
            "99999999999",
            "2020-99",
            "EUR",
            "XXXX",
            "utf-8",
            "utf-99",
            "a b",
            "http://[::1",
            "http://a b/",
            "file:///\u0000",
            "(",
            "(a+)+$",
            "de_DE",
            "\uffff",
            "\ud800");
    private static final List<String> JSON = List.of(
            "1",
            "0",
            "-0",
            "1.9",
            "1.0",
            "1e2",
            "1e400",
            "-1e400",
            "1e-400",
            "1e39",
            "1e1000000000",
            "1e-1000000000",
            "1e99999999999999999999",
            "NaN",
            "Infinity",
            "+1",
            "01",
            "1.",
            ".5",
            "0x10",
            "1_000",
            "128",
            "200",
            "-129",
            "32768",
            "65",
            "2147483648",
            "9223372036854775808",
            "99999999999999999999",
            "31556889864403200",
            "1".repeat(1001),
            "0." + "1".repeat(1001),
            "true",
            "false",
            "True",
            "null",
            "[]",
            "{}",
            "[1]",
            "[1.9]",
            "[1e400]",
            "[\"NaN\"]",
            "[null]",
            "[[1]]",
            "[2020,2,30]",
            "[2020,13]",
            "[99999999999999999999]",
            "{\"a\":1e400}",
            "{\"a\":[1e1000000000]}",
            "{\"+1\":\"x\"}",
            "{\" 1\":\"x\"}",
            "{\"1-1-1-1-1\":\"x\"}",
            "{\"2020-02-30\":\"x\"}",
            "{\"0\":\"x\"}",
            "{\"n\":1.9,\"day\":\"2020-01-01\"}",
            "{\"n\":1,\"day\":\"2020-02-30\"}",
            "{\"n\":1,\"day\":[]}",
            "{\"n\":1}",
            "[{\"n\":1,\"day\":0}]",
            DEEP,
            "{\"a\":" + DEEP + "}",
            "\"" + "x".repeat(60_000) + "\"",
            "{\"" + "k".repeat(60_000) + "\":1}",
            "{",
            "[",
            "\"",
            "",
            "{\"v\":1}}",
            "1]",
            "/*c*/1",
            "'a'");

    private static Request request(String type, byte[] body) {
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "POST");
        environ.put("PATH_INFO", "/");
        environ.put("SERVER_NAME", "localhost");
        environ.put("SERVER_PORT", "80");
        environ.put("wsgi.url_scheme", "http");
        environ.put("CONTENT_TYPE", type);
        environ.put("CONTENT_LENGTH", Integer.toString(body.length));
        environ.put("wsgi.input", new ByteArrayInputStream(body));
        environ.put("wsgi.input_terminated", true);
        return new Request(environ);
    }

    /// The status: 200 if the record was read. Anything but an HttpException fails the test.
    private static int read(Class<?> type, Request request) {
        try {
            Object read = new BodyRecord(RecordShape.of(type, "test")).read(request);
            for (RecordComponent component : type.getRecordComponents()) {
                assertFinite(
                        RecordShape.of(type, "test")
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
        String body = "{\"v\":" + value + "}";
        return read(type, request("application/json", body.getBytes(StandardCharsets.UTF_8)));
    }

    private static int form(Class<?> type, String value) {
        String body = "v=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        return read(type, request("application/x-www-form-urlencoded", body.getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @MethodSource("types")
    void noValueIsTheServersFault(Class<?> type) {
        Set<Integer> seen = new TreeSet<>();
        for (String text : TEXTS) {
            String quoted = '"' + text.replace("\\", "\\\\").replace("\u0000", "\\u0000") + '"';
            seen.add(json(type, quoted));
            seen.add(form(type, text));
        }
        for (String value : JSON) {
            seen.add(json(type, value));
        }
        assertThat(seen).as("%s", type).isSubsetOf(200, 400, 413, 415, 422).contains(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "OfInt          | 1 -1 0 2147483647             | 1.9 1.0 1e2 1e400 2147483648 \"1\" \"\" true [1] 01 +1",
                "OfBoxedInt     | 1                             | 1.9 \"1\" \"\"",
                "OfLong         | 9223372036854775807           | 9223372036854775808 1.5 1e3 \"1\"",
                "OfShort        | 32767                         | 32768 -32769 1.9",
                "OfByte         | 127 -128                      | 128 200 255 -129 1.9 \"1\"",
                "OfDouble       | 1 1.5 1e300 -0.0              | 1e400 -1e400 \"NaN\" \"Infinity\" \"1\" \"\" NaN Infinity true",
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
                "OfUuid         | \"a8098c1a-f86e-11da-bd1a-00112233ab88\" | \"1-1-1-1-1\" \"\" \"AAAAAAAAAAAAAAAAAAAAAA==\" 1",
                "OfDate         | \"2020-02-29\"                | \"2020-02-30\" \"\" \"x\"",
                "OfInstant      | \"2020-01-01T00:00:00Z\"      | \"\" \"x\"",
                "OfZone         | \"Europe/Berlin\"             | \"Mars/Olympus\" \"\" \"+25:00\"",
                "OfDuration     | \"PT1S\"                      | \"PT99999999999999999999S\" \"\"",
                "OfIntKeys      | {\"1\":\"x\"}                 | {\"+1\":\"x\"} {\"1.0\":\"x\"} {\"x\":\"x\"}",
                "OfUuidKeys     | {}                            | {\"1-1-1-1-1\":\"x\"}"
            })
    void aValueOfJsonIsOfItsTypeOrRefused(String type, String taken, String refused) {
        for (String value : taken.split(" ", -1)) {
            assertThat(json(named(type), value)).as("%s %s", type, value).isEqualTo(200);
        }
        for (String value : refused.split(" ", -1)) {
            assertThat(json(named(type), value)).as("%s %s", type, value).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "OfInt        | 1,-1,007,2147483647          | 1.9,+1, 1,1 ,\u0661,1_000,0x10,1e2,2147483648,True,-,1L,",
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
        for (String value : taken.split(",", -1)) {
            assertThat(form(named(type), value)).as("%s '%s'", type, value).isEqualTo(200);
        }
        for (String value : refused.split(",", -1)) {
            assertThat(form(named(type), value)).as("%s '%s'", type, value).isEqualTo(422);
        }
    }

    private static Class<?> named(String type) {
        return types().stream()
                .filter(one -> one.getSimpleName().equals(type))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatTheConstructorRefusesAsTheJdkDoesIsSaidToTheClient() {
        assertThat(json(Checked.class, "\"2020-02-30\"")).isEqualTo(422);
        assertThat(json(Counted.class, "2147483648")).isEqualTo(422);
        assertThat(json(Counted.class, "1")).isEqualTo(200);
        // Jackson takes an empty list for a date that is missing.
        assertThat(json(OfDate.class, "[]")).isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource({"utf-16,400", "utf-32,400", "latin1,200"})
    void charactersThatAreMalformedAreTheClientsFault(String charset, int status) {
        byte[] whole = "{\"v\":\"x\"}".getBytes(Charset.forName(charset));
        byte[] cut = Arrays.copyOf(whole, whole.length - (charset.equals("latin1") ? 0 : 1));
        assertThat(read(OfString.class, request("application/json", cut))).isEqualTo(status);
        assertThat(read(
                        OfString.class,
                        request("application/json", new byte[] {'{', '"', 'v', '"', ':', '"', -1, -2, '"', '}'})))
                .isEqualTo(400);
        assertThat(read(OfString.class, request("application/json", new byte[4])))
                .isEqualTo(400);
        byte[] utf32 = {0, 0, 0, '{', 0, 0, 0, '"', -1, -1, -1, -1};
        assertThat(read(OfString.class, request("application/json", utf32))).isEqualTo(400);
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

    @ParameterizedTest
    @CsvSource({"ImpossibleInterface,{}", "ImpossibleList,[{}]", "ImpossibleClass,{}"})
    void aTypeThatNoJsonBecomesIsTheApplicationsFault(String type, String value) {
        Class<?> impossible = Arrays.stream(HostileValuesTest.class.getDeclaredClasses())
                .filter(one -> one.getSimpleName().equals(type))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> json(impossible, value))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("can be read from JSON")
                .hasMessageContaining(type);
    }
}
