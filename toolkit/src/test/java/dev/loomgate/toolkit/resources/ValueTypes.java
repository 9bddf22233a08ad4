package dev.loomgate.toolkit.resources;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.Charset;
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
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TimeZone;
import java.util.UUID;
import java.util.regex.Pattern;

/// Records of one value of each type that a client may have to give, and what it gives instead.
@SuppressWarnings("ArrayRecordComponent")
final class ValueTypes {
    private static final String DEEP = "[".repeat(600) + "]".repeat(600);
    static final List<String> TEXTS = List.of(
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
    static final List<String> JSON = List.of(
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

    private ValueTypes() {}

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
}
