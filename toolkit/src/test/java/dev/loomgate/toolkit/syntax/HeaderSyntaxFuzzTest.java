package dev.loomgate.toolkit.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What headers are made of, of any bytes: lists, values with options, quoted texts and dates are read without
/// harm, and what is written is read as it was.
@Tag("once")
final class HeaderSyntaxFuzzTest implements FuzzTarget {
    private static final Pattern FOUR_DIGITS = Pattern.compile(" \\d{4} ");

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        String header = input.text();
        List<String> items = HeaderList.parse(header);
        Map<String, Optional<String>> pairs = HeaderList.parsePairs(header);
        OptionsHeader options = OptionsHeader.parse(header);
        options.format();
        HeaderList.formatPairs(pairs);
        if (header.indexOf('"') < 0) {
            assertThat(items).isEqualTo(split(header));
        }
        checkWritten(input);
        checkDate(header);
        Filenames.secure(header);
        assertThat(Filenames.secure(header)).matches("([A-Za-z0-9-]([A-Za-z0-9._-]*[A-Za-z0-9-])?)?");
        assertThat(Disposition.format("attachment", new String(input.bytes(), StandardCharsets.UTF_8)))
                .matches("attachment; filename=[ -~]*");
        return items.size() > 1
                || !options.options().isEmpty()
                || HttpDate.parse(header).isPresent();
    }

    private static List<String> split(String header) {
        List<String> items = new ArrayList<>();
        for (String item : header.split(",", -1)) {
            if (!Ascii.trim(item).isEmpty()) {
                items.add(Ascii.trim(item));
            }
        }
        return items;
    }

    private static void checkWritten(FuzzInput input) {
        List<String> texts = input.pieces().stream()
                .map(piece -> new String(piece, StandardCharsets.UTF_8))
                // A backslash stays before a line's end, which no header has.
                .filter(text -> text.indexOf('\n') < 0)
                .toList();
        assertThat(HeaderList.parse(HeaderList.format(texts))).isEqualTo(texts);
        Map<String, String> options = new LinkedHashMap<>();
        for (String text : texts) {
            assertThat(QuotedString.unquote(QuotedString.always(text))).isEqualTo(text);
            // Browsers' %22 is a quote.
            options.put("n" + options.size(), text.replace("%22", ""));
        }
        OptionsHeader written = new OptionsHeader("value", options);
        assertThat(OptionsHeader.parse(written.format())).isEqualTo(written);
    }

    private static void checkDate(String text) {
        Optional<Instant> date = HttpDate.parse(text);
        date.filter(HttpDate::names).ifPresent(instant -> assertThat(HttpDate.parse(HttpDate.format(instant)))
                .contains(instant.truncatedTo(ChronoUnit.SECONDS)));
        try {
            Instant expected = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            // The JDK takes years of more than four digits.
            boolean inRange =
                    HttpDate.names(expected) && FOUR_DIGITS.matcher(text).find();
            if (text.endsWith("GMT") && inRange) {
                assertThat(date).contains(expected);
            }
        } catch (DateTimeParseException e) {
            // No date, or one that only we take.
        }
    }
}
