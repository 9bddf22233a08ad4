package dev.loomgate.cli.config.formats;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.scanner.Scanner;
import org.snakeyaml.engine.v2.scanner.ScannerImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.tokens.ScalarToken;
import org.snakeyaml.engine.v2.tokens.Token;

/// YAML as uWSGI with libyaml reads it: by its tokens, without types. `true` and `~` are texts.
///
/// ```yaml
/// uwsgi:
///   processes: 4
///   env: [A=1, B=2]
/// ```
///
/// What follows the section isn't read.
final class YamlText implements SectionReader {
    /// What the next scalar is.
    private enum Expected {
        NOTHING,
        KEY,
        VALUE,
        ITEM
    }

    @Override
    public SectionText read(String text, @Nullable String section) {
        LoadSettings settings = LoadSettings.builder().build();
        try {
            return new Reading(section == null ? "" : section)
                    .read(new ScannerImpl(settings, new StreamReader(settings, text)));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            throw new WrongText(line, "this isn't YAML: " + e.getProblem() + quoted(e.getProblem()));
        } catch (YamlEngineException e) {
            throw new WrongText(1, "this isn't YAML: " + e.getMessage());
        }
    }

    private static String quoted(String problem) {
        return problem.contains("'%'") ? "; a value with %(...) needs quotes" : "";
    }

    private static final class Reading {
        private final String asked;
        private final List<SectionText.Entry> entries = new ArrayList<>();
        private final List<SectionText.Remark> remarks = new ArrayList<>();
        private final Set<String> sections = new LinkedHashSet<>();
        private Expected expected = Expected.NOTHING;
        private @Nullable String key;
        private int depth; // in the section: 0 outside
        private int outside; // open blocks outside it
        private boolean found;
        private boolean going = true;

        Reading(String asked) {
            this.asked = asked;
        }

        SectionText read(Scanner tokens) {
            while (going && tokens.hasNext()) {
                next(tokens.next());
            }
            return new SectionText(entries, found, List.copyOf(sections), remarks);
        }

        private void next(Token token) {
            switch (token.getTokenId()) {
                case StreamEnd -> going = false;
                case Key -> expected = Expected.KEY;
                case Value -> expected = Expected.VALUE;
                case FlowSequenceStart, BlockSequenceStart -> {
                    depth += depth > 0 ? 1 : 0;
                    expected = Expected.ITEM;
                }
                case FlowEntry, BlockEntry -> expected = Expected.ITEM;
                case BlockMappingStart -> blockMapping();
                case BlockEnd, FlowSequenceEnd -> end();
                case Scalar -> scalar((ScalarToken) token);
                default -> expected = Expected.NOTHING;
            }
        }

        private void blockMapping() {
            outside++;
            if (depth > 0) {
                depth++;
            } else if (asked.equals(key)) {
                depth = 1;
                found = true;
            }
        }

        private void end() {
            outside--;
            if (depth > 0) {
                depth--;
                going = depth > 0;
            }
            key = null;
            expected = Expected.NOTHING;
        }

        private void scalar(ScalarToken token) {
            int line = token.getStartMark().map(Mark::getLine).orElse(0) + 1;
            switch (expected) {
                case KEY -> {
                    key = token.getValue();
                    if (depth == 0 && outside == 1) {
                        sections.add(key);
                    }
                }
                case VALUE -> {
                    add(token.getValue(), line);
                    key = null;
                    expected = Expected.NOTHING;
                }
                case ITEM -> add(token.getValue(), line);
                case NOTHING -> {
                    remarks.add(new SectionText.Remark(
                            line, "nothing is read from here on: only plain texts and lists of them are understood"));
                    going = false;
                }
            }
        }

        private void add(String value, int line) {
            if (key != null && depth > 0) {
                entries.add(new SectionText.Entry(key, value, line));
            }
        }
    }
}
