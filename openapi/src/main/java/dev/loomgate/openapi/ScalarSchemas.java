package dev.loomgate.openapi;

import dev.loomgate.toolkit.UploadedFile;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/// The schemas of single values, by their types: as the toolkit reads and writes them in JSON, forms,
/// queries and paths.
///
/// Formats are those of OpenAPI's registry, where it has one.
final class ScalarSchemas {
    private static final Map<Class<?>, Members> TABLE = table();

    private ScalarSchemas() {}

    private static Map<Class<?>, Members> table() {
        Map<Class<?>, Members> table = new HashMap<>();
        add(table, ofRange(Byte.MIN_VALUE, Byte.MAX_VALUE), byte.class, Byte.class);
        add(table, ofRange(Short.MIN_VALUE, Short.MAX_VALUE), short.class, Short.class);
        add(table, of("integer", "int32"), int.class, Integer.class, OptionalInt.class);
        add(table, of("integer", "int64"), long.class, Long.class, OptionalLong.class);
        add(table, of("integer", ""), BigInteger.class, Year.class);
        add(table, of("number", "float"), float.class, Float.class);
        add(table, of("number", "double"), double.class, Double.class, OptionalDouble.class);
        add(table, of("number", ""), BigDecimal.class);
        add(table, of("boolean", ""), boolean.class, Boolean.class);
        add(table, of("string", "").with("minLength", 1).with("maxLength", 1), char.class, Character.class);
        add(table, of("string", ""), String.class, CharSequence.class, ZoneId.class, Path.class);
        add(table, of("string", "uuid"), UUID.class);
        add(table, of("string", "uri-reference"), URI.class);
        add(table, of("string", "date"), LocalDate.class);
        add(table, of("string", "time-local"), LocalTime.class);
        add(table, of("string", "date-time-local"), LocalDateTime.class);
        add(table, of("string", "date-time"), OffsetDateTime.class, Instant.class, ZonedDateTime.class);
        add(table, of("string", "").with("pattern", "^[0-9]{4,}-[0-9]{2}$"), YearMonth.class);
        add(table, of("string", "duration"), Duration.class, Period.class);
        add(table, of("string", "").with("contentEncoding", "base64"), byte[].class);
        add(table, of("string", "binary"), UploadedFile.class);
        return Map.copyOf(table);
    }

    private static Members of(String type, String format) {
        return new Members().with("type", type).withText("format", format);
    }

    private static Members ofRange(int least, int most) {
        return of("integer", "int32").with("minimum", least).with("maximum", most);
    }

    private static void add(Map<Class<?>, Members> table, Members schema, Class<?>... types) {
        for (Class<?> type : types) {
            table.put(type, schema);
        }
    }

    /// The schema of a type; empty if it is none of single values.
    static Optional<Members> of(Class<?> type) {
        return Optional.ofNullable(TABLE.get(type)).map(Members::new);
    }
}
