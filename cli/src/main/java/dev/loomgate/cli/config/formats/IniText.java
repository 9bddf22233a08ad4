package dev.loomgate.cli.config.formats;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The ini files of uWSGI 2.0.
///
/// ```
/// [uwsgi]                  a section: what is between the first and the last character
/// ; a comment              # as well; only at the beginning of a line
/// processes = 4 ; four     the value is "4 ; four"
/// master                   the empty value
/// ```
///
/// There are no quotes, no escapes, and no lines that go on in the next one. Sections may come again.
final class IniText implements SectionReader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    @Override
    public SectionText read(String text, @Nullable String section) {
        if (text.indexOf(BYTE_ORDER_MARK) == 0) {
            throw new WrongText(
                    1, "the file begins with a byte order mark, which is no part of ini: save it as UTF-8 without");
        }
        List<SectionText.Entry> entries = new ArrayList<>();
        Set<String> sections = new LinkedHashSet<>();
        String current = "";
        int number = 0;
        for (String whole : text.split("\n", -1)) {
            number++;
            String line = stripped(whole);
            if (line.isEmpty() || line.charAt(0) == ';' || line.charAt(0) == '#') {
                continue;
            }
            if (line.charAt(0) == '[') {
                current = line.substring(1, Math.max(1, line.length() - 1));
                sections.add(current);
                checkName(current, number);
            } else if (current.equals(section)) {
                int equals = line.indexOf('=');
                String key = equals < 0 ? line : line.substring(0, equals);
                String value = equals < 0 ? "" : line.substring(equals + 1);
                entries.add(new SectionText.Entry(stripped(key), stripped(value), number));
            }
        }
        return new SectionText(
                entries, section != null && sections.contains(section), List.copyOf(sections), List.of());
    }

    private static void checkName(String name, int line) {
        int end = name.indexOf(']');
        if (end >= 0) {
            throw new WrongText(
                    line,
                    "after [" + name.substring(0, end) + "] nothing may follow: it is part of the section's name, and"
                            + " a comment has a line of its own");
        }
    }

    /// Without blanks, tabs and carriage returns at its ends. A NUL ends it, as it does in C.
    private static String stripped(String text) {
        int end = text.indexOf('\0');
        end = end < 0 ? text.length() : end;
        int begin = 0;
        while (begin < end && isBlank(text.charAt(begin))) {
            begin++;
        }
        while (end > begin && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(begin, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }
}
