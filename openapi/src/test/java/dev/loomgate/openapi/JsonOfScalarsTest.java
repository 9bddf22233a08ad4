package dev.loomgate.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.toolkit.JsonCodec;
import java.lang.reflect.RecordComponent;
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
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the toolkit's JSON has is what the schemas say.
@Tag("once")
class JsonOfScalarsTest {
    enum Size {
        SMALL {
            @Override
            public String toString() {
                return "small one";
            }
        }
    }

    record Scalars(
            byte b,
            short s,
            int i,
            long l,
            float f,
            double d,
            boolean truth,
            char c,
            String text,
            BigInteger big,
            BigDecimal decimal,
            UUID uuid,
            URI uri,
            LocalDate date,
            LocalTime time,
            LocalDateTime local,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Instant instant,
            Year year,
            YearMonth month,
            Duration duration,
            Period period,
            ZoneId zone,
            byte[] bytes,
            Size size) {}

    private static final Scalars VALUES = new Scalars(
            (byte) 1,
            (short) 1,
            1,
            1,
            1.5f,
            1.5,
            true,
            'a',
            "a",
            BigInteger.ONE,
            BigDecimal.valueOf(1.5),
            new UUID(1, 2),
            URI.create("/a"),
            LocalDate.EPOCH,
            LocalTime.NOON,
            LocalDate.EPOCH.atTime(12, 30),
            OffsetDateTime.parse("2026-02-28T13:45+01:00"),
            ZonedDateTime.parse("2026-02-28T13:45+01:00"),
            Instant.EPOCH,
            Year.of(2026),
            YearMonth.of(2026, 2),
            Duration.ofMinutes(90),
            Period.ofMonths(1),
            ZoneId.of("Europe/Berlin"),
            new byte[] {1},
            Size.SMALL);

    @Test
    void everyScalarIsWrittenAsItsSchemaSays() {
        Map<?, ?> written =
                (Map<?, ?>) JsonCodec.jackson().read(JsonCodec.jackson().write(VALUES), Object.class);

        for (RecordComponent component : Scalars.class.getRecordComponents()) {
            Object value = written.get(component.getName());
            String type = component.getType().isEnum()
                    ? "string"
                    : String.valueOf(
                            ScalarSchemas.of(component.getType()).orElseThrow().get("type"));
            assertThat(value)
                    .as("%s, of type %s", component, type)
                    .isInstanceOf(
                            switch (type) {
                                case "string" -> String.class;
                                case "boolean" -> Boolean.class;
                                default -> Number.class;
                            });
            assertThat(type.equals("integer") && value instanceof Double)
                    .as("%s", component)
                    .isFalse();
        }
    }

    @Test
    void anEnumHasTheTextsThatAreWritten() {
        Schemas schemas = new Schemas(_ -> "Size");
        schemas.of(ValueType.of(Size.class));

        assertThat(schemas.components()).hasToString("{Size={type=string, enum=[small one]}}");
        assertThat(new Json(JsonCodec.jackson().read(JsonCodec.jackson().write(VALUES), Object.class)).at("/size"))
                .isEqualTo("small one");
    }
}
