package dev.loomgate.cli.config;

import dev.loomgate.cli.config.entries.Notice;
import dev.loomgate.cli.config.entries.Origin;
import dev.loomgate.cli.config.entries.WrongConfiguration;
import dev.loomgate.cli.config.expansion.Magic;
import dev.loomgate.cli.config.formats.FileFormat;
import dev.loomgate.cli.config.formats.SectionText;
import dev.loomgate.cli.config.formats.WrongText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the files of a configuration, and gives their entries on, one after the other. Used by one thread.
final class ConfigFiles {
    private static final String SECTION = "uwsgi";
    private static final String NATIVE_SECTION = "loomgate";
    private static final char DAMAGED = '\uFFFD';
    private static final int DEEPEST = 100;

    /// Takes an entry.
    @FunctionalInterface
    interface Entries {
        void add(String key, @Nullable String value, Origin origin);
    }

    /// `site.ini:prod`: a file, and the section asked for.
    private record Named(String file, Optional<String> section) {
        static Named of(String name) {
            int colon = name.lastIndexOf(':');
            if (colon < 0 || (Sources.hasScheme(name) && colon < name.lastIndexOf('/'))) {
                return new Named(name, Optional.empty());
            }
            String section = name.substring(colon + 1);
            return new Named(name.substring(0, colon), section.isEmpty() ? Optional.empty() : Optional.of(section));
        }
    }

    private final Sources sources;
    private final List<Notice> notices;
    private final Entries entries;
    private final Magic magic;
    private final List<String> before = new ArrayList<>();
    private final List<String> after = new ArrayList<>();
    private @Nullable String lastIni; // what `:section` alone means
    private int depth;

    ConfigFiles(Surroundings surroundings, Sources sources, List<Notice> notices, Entries entries) {
        this.sources = sources;
        this.notices = notices;
        this.entries = entries;
        magic = new Magic(surroundings.directory(), surroundings.version());
    }

    String hostName() {
        return magic.hostName();
    }

    /// Reads a file in the form that its name tells.
    void include(String name, Origin origin) {
        String file = Named.of(name).file();
        FileFormat format = FileFormat.of(file)
                .orElseThrow(() -> new WrongConfiguration(
                        origin,
                        file + ": a configuration file's name ends in .ini, .yaml, .json or .xml"
                                + Sources.unexpanded(name).orElse("")));
        boolean before = magic.first(false);
        load(format, name, origin);
        magic.first(before);
    }

    void load(FileFormat format, String name, Origin origin) {
        if (name.isEmpty()) {
            throw new WrongConfiguration(origin, "the name of a configuration file is empty");
        }
        if (++depth > DEEPEST) {
            throw new WrongConfiguration(origin, name + ": files that include each other without an end");
        }
        Named named = Named.of(name);
        String file = named.file();
        boolean special = Sources.isSpecial(file);
        boolean wasFirst = magic.isFirst();
        if (!special && !file.isEmpty() && Sources.unexpanded(file).isPresent()) {
            checkThere(file, origin);
        }
        magic.file(name, special, origin);
        if (format == FileFormat.INI) {
            if (file.isEmpty()) {
                file = lastFile(origin);
            }
            lastIni = file;
        }
        InjectedText whole = injected(file, origin);
        String text = magic.replaceIn(whole.text(), file, notices);
        SectionText section = section(format, named, text, file, origin, whole);
        for (SectionText.Remark remark : section.remarks()) {
            notices.add(new Notice(whole.place(remark.line()), remark.text()));
        }
        for (SectionText.Entry entry : section.entries()) {
            Origin place = whole.place(entry.line());
            if (entry.key().indexOf(DAMAGED) >= 0 || entry.value().indexOf(DAMAGED) >= 0) {
                throw new WrongConfiguration(place, "this isn't UTF-8");
            }
            entries.add(entry.key(), entry.value(), place);
        }
        if (wasFirst && (format == FileFormat.INI || format == FileFormat.XML)) {
            magic.firstWas(name);
        }
        depth--;
    }

    /// Has a file's text stand before that of each file that is read from now on, or after it.
    void inject(String name, boolean isBefore) {
        (isBefore ? before : after).add(name);
    }

    private InjectedText injected(String file, Origin origin) {
        InjectedText whole = new InjectedText();
        before.forEach(name -> whole.add(name, sources.read(name, origin)));
        whole.add(file, sources.read(file, origin));
        after.forEach(name -> whole.add(name, sources.read(name, origin)));
        return whole;
    }

    private void checkThere(String file, Origin origin) {
        sources.read(file, origin);
    }

    private String lastFile(Origin origin) {
        if (lastIni == null) {
            throw new WrongConfiguration(origin, "a section alone is one of the ini file before, and there is none");
        }
        return lastIni;
    }

    private SectionText section(
            FileFormat format, Named named, String text, String file, Origin origin, InjectedText whole) {
        try {
            String asked = named.section().orElse(format == FileFormat.XML ? null : SECTION);
            SectionText found = format.reader().read(text, asked);
            if (!found.found() && named.section().isEmpty()) {
                SectionText ours = format.reader().read(text, NATIVE_SECTION);
                found = ours.found() ? ours : found;
            }
            if (!found.found()) {
                missing(format, asked == null ? SECTION : asked, found.sections(), file, origin);
            }
            return found;
        } catch (WrongText e) {
            throw new WrongConfiguration(whole.place(e.line()), String.valueOf(e.getMessage()));
        }
    }

    /// An error where it is one in uWSGI.
    private void missing(FileFormat format, String asked, List<String> there, String file, Origin origin) {
        String text = "there is no section '%s' in %s%s"
                .formatted(asked, file, there.isEmpty() ? "" : ", only '" + String.join("', '", there) + "'");
        if (format == FileFormat.JSON || format == FileFormat.XML) {
            throw new WrongConfiguration(origin, text);
        }
        notices.add(new Notice(origin, text));
    }
}
