package dev.loomgate.toolkit.values;

import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
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
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/// What a client's text is as a value of a type: the one table for forms, queries, paths and JSON's numbers.
///
/// A number is written as in JSON, except that zeros may come before it: ASCII digits, with a minus if need be, and
/// nothing around them. It is one that the type can hold; what the type can't hold is refused, never cut.
public final class Scalars {
    private static final Set<String> TRUE = Set.of("true", "on", "yes", "1");
    private static final Set<String> FALSE = Set.of("false", "off", "no", "0", "");

    // More takes long to be read, and longer to be calculated with.
    private static final int MAX_DIGITS = 1000;
    private static final int MAX_SCALE = 9999;

    /// A type's texts.
    ///
    /// @param name what one of them is called
    private record Scalar(String name, Function<String, Object> parse) {}

    private static final Map<Class<?>, Scalar> TABLE = table();

    private Scalars() {}

    private static Map<Class<?>, Scalar> table() {
        Map<Class<?>, Scalar> table = new HashMap<>();
        add(table, Byte.MIN_VALUE, Byte.MAX_VALUE, number -> (byte) number, byte.class, Byte.class);
        add(table, Short.MIN_VALUE, Short.MAX_VALUE, number -> (short) number, short.class, Short.class);
        add(table, Integer.MIN_VALUE, Integer.MAX_VALUE, number -> (int) number, int.class, Integer.class);
        add(table, Long.MIN_VALUE, Long.MAX_VALUE, number -> number, long.class, Long.class);
        add(table, "a number of at most 1.8e308", Scalars::decimal, double.class, Double.class);
        add(table, "a number of at most 3.4e38", Scalars::shortDecimal, float.class, Float.class);
        add(table, "a whole number", text -> new BigInteger(digits(text)), BigInteger.class);
        add(table, "a number", text -> bounded(new BigDecimal(number(text))), BigDecimal.class);
        add(table, "true or false", Scalars::truth, boolean.class, Boolean.class);
        add(table, "one character", Scalars::character, char.class, Character.class);
        add(table, "a UUID", Scalars::uuid, UUID.class);
        add(table, "a URI", URI::create, URI.class);
        add(table, "a date such as 2026-02-28", LocalDate::parse, LocalDate.class);
        add(table, "a time such as 13:45", LocalTime::parse, LocalTime.class);
        add(table, "a date and time such as 2026-02-28T13:45", LocalDateTime::parse, LocalDateTime.class);
        add(table, "a date and time such as 2026-02-28T13:45+01:00", OffsetDateTime::parse, OffsetDateTime.class);
        add(
                table,
                "a date and time such as 2026-02-28T13:45+01:00[Europe/Berlin]",
                ZonedDateTime::parse,
                ZonedDateTime.class);
        add(table, "a date and time such as 2026-02-28T13:45:00Z", Instant::parse, Instant.class);
        add(table, "a year", Year::parse, Year.class);
        add(table, "a month such as 2026-02", YearMonth::parse, YearMonth.class);
        add(table, "a duration such as PT1H30M", Duration::parse, Duration.class);
        add(table, "a period such as P1M", Period::parse, Period.class);
        add(table, "a time zone such as Europe/Berlin", ZoneId::of, ZoneId.class);
        add(table, "text", text -> text, String.class);
        return Map.copyOf(table);
    }

    private static void add(
            Map<Class<?>, Scalar> table, String name, Function<String, Object> parse, Class<?>... types) {
        for (Class<?> type : types) {
            table.put(type, new Scalar(name, parse));
        }
    }

    private static void add(
            Map<Class<?>, Scalar> table, long least, long most, LongFunction<Object> narrow, Class<?>... types) {
        String name = "a whole number from " + least + " to " + most;
        add(table, name, text -> narrow.apply(whole(text, least, most)), types);
    }

    /// Whether there are texts of the type: it is in the table, or an enum.
    public static boolean knows(Class<?> type) {
        return TABLE.containsKey(type) || type.isEnum();
    }

    /// What a value of the type is called: `a whole number from -128 to 127`, `one of CAT, DOG`.
    ///
    /// @param type one that is known
    public static String name(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(oneOf());
        }
        return scalar(type).name();
    }

    /// What one of several values is called.
    static Collector<CharSequence, ?, String> oneOf() {
        return Collectors.joining(", ", "one of ", "");
    }

    private static Scalar scalar(Class<?> type) {
        Scalar scalar = TABLE.get(type);
        if (scalar == null) {
            throw new IllegalStateException("there is no conversion from text to " + type.getName());
        }
        return scalar;
    }

    /// The type itself, or the box of a primitive one: what a value can be cast to.
    @SuppressWarnings("unchecked")
    public static <T> Class<T> boxed(Class<T> type) {
        return (Class<T>) MethodType.methodType(type).wrap().returnType();
    }

    /// The value of a text. Of an enum it is the constant of that name, or that shows itself so, in any case.
    ///
    /// @param type one that is known
    /// @throws IllegalArgumentException if the text is none of the type; the message is the type's [#name]
    public static Object parse(String text, Class<?> type) {
        if (type.isEnum()) {
            return constant(text, type);
        }
        Scalar scalar = scalar(type);
        try {
            return scalar.parse().apply(text);
        } catch (RuntimeException e) {
            throw isRefusal(e) ? new IllegalArgumentException(scalar.name(), e) : e;
        }
    }

    /// Whether an exception says that a value is none of its type, or out of its range: a client's fault where the
    /// value is a client's. These are what the JDK's own types throw.
    public static boolean isRefusal(RuntimeException e) {
        return e instanceof IllegalArgumentException
                || e instanceof java.time.DateTimeException
                || e instanceof ArithmeticException;
    }

    /// Whether an exception comes of a text that can't be converted: a refusal, or the text is too short.
    public static boolean isUnreadable(RuntimeException e) {
        return isRefusal(e) || e instanceof IndexOutOfBoundsException;
    }

    private static Object constant(String text, Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            if (constant.toString().equalsIgnoreCase(text)
                    || ((Enum<?>) constant).name().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(name(type));
    }

    private static long whole(String text, long least, long most) {
        long number = Long.parseLong(digits(text));
        if (number < least || number > most) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }

    private static double decimal(String text) {
        double number = Double.parseDouble(number(text));
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }

    private static float shortDecimal(String text) {
        float number = Float.parseFloat(number(text));
        if (!Float.isFinite(number)) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }

    /// The number, if nothing that is done with it takes forever: `1e1000000000` would, as a whole number.
    ///
    /// @throws ArithmeticException if it has more digits, before or behind the point
    public static BigDecimal bounded(BigDecimal number) {
        if (Math.abs((long) number.scale()) > MAX_SCALE) {
            throw new ArithmeticException("more than " + MAX_SCALE + " digits");
        }
        return number;
    }

    /// A whole number's own text: a minus, and ASCII digits.
    private static String digits(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        if (text.length() == start || digitsFrom(text, start) < text.length() || text.length() > MAX_DIGITS) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    /// A number's own text: a minus, digits, a point and digits, and an exponent.
    private static String number(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        int at = digitsFrom(text, start);
        int digits = at - start;
        if (at < text.length() && text.charAt(at) == '.') {
            int end = digitsFrom(text, at + 1);
            digits += end - at - 1;
            at = end;
        }
        if (digits > 0 && at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            at += at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') ? 1 : 0;
            int end = digitsFrom(text, at);
            digits = end == at ? 0 : digits;
            at = end;
        }
        if (digits == 0 || at < text.length() || text.length() > MAX_DIGITS) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    // Not Character.isDigit: that takes the digits of every script.
    private static int digitsFrom(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static boolean truth(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (!TRUE.contains(word) && !FALSE.contains(word)) {
            throw new IllegalArgumentException(text);
        }
        return TRUE.contains(word);
    }

    private static char character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException(text);
        }
        return text.charAt(0);
    }

    private static UUID uuid(String text) {
        UUID uuid = UUID.fromString(text);
        // The JDK takes 1-1-1-1-1 for one.
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException(text);
        }
        return uuid;
    }
}
