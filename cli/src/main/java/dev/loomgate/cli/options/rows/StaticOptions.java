package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.StaticMap;
import dev.loomgate.cli.options.values.StaticSite;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.toolkit.files.DocumentRoots;
import dev.loomgate.toolkit.files.Expires;
import dev.loomgate.toolkit.files.Expires.Subject;
import dev.loomgate.toolkit.files.StaticFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Files that are sent as they are, before any application.
public final class StaticOptions {
    static final Option<List<String>> STATIC_MAP = Option.values(ValueType.TEXT, "--static-map")
            .label("/PREFIX=PATH")
            .inUwsgi(Option.SAME)
            .says("files of a directory below a prefix, or a single file at the prefix, before any application; "
                    + ".br and .gz beside a file are used");

    static final Option<List<String>> STATIC_MAP2 = Option.values(ValueType.TEXT, "--static-map2")
            .label("/PREFIX=DIRECTORY")
            .inUwsgi(Option.SAME)
            .says("the same, where the prefix is a part of the file's path as well");

    static final Option<List<Path>> CHECK_STATIC = Option.values(ValueType.PATH, "--check-static", "--static-check")
            .label("DIRECTORY")
            .inUwsgi(Option.SAME)
            .says("files of a directory with the path of the request");

    static final Option<Boolean> CHECK_STATIC_DOCROOT = Option.flag("--check-static-docroot")
            .inUwsgi("same; there a directory that isn't there fails the request")
            .says("files of the directory that the request names, DOCUMENT_ROOT, which nginx sends; looked for last");

    static final Option<List<String>> STATIC_INDEX = Option.values(ValueType.TEXT, "--static-index")
            .label("NAME")
            .inUwsgi("same, without the redirect to the slash at the end")
            .says("the file that is sent for a directory");

    static final Option<List<Path>> STATIC_SAFE = Option.values(ValueType.PATH, "--static-safe")
            .label("DIRECTORY")
            .inUwsgi(Option.SAME)
            .says("a directory that symbolic links may lead into");

    static final Option<List<String>> STATIC_SKIP_EXT = Option.values(ValueType.TEXT, "--static-skip-ext")
            .label("ENDING")
            .inUwsgi(Option.SAME)
            .says("an ending of names that are the application's: .php");

    static final Option<Boolean> STATIC_DOT_FILES = Option.flag("--static-dot-files")
            .says("files whose name begins with a dot are sent, too; uWSGI sends them always");

    static final Option<List<Path>> MIMEFILE = Option.values(ValueType.PATH, "--mimefile", "--mime-file")
            .label("FILE")
            .inUwsgi("same, beside the types that are built in")
            .says("types of endings: a line has a type and its endings");

    private static final Map<String, Subject> EXPIRES = Map.of(
            "--static-expires", Subject.FILE,
            "--static-expires-path-info", Subject.PATH,
            "--static-expires-uri", Subject.URI,
            "--static-expires-type", Subject.TYPE);

    private static final List<Option<List<String>>> EXPIRES_OPTIONS = expiresOptions();

    /// In the order of the help.
    public static final List<Option<?>> ALL = all();

    private StaticOptions() {}

    private static List<Option<List<String>>> expiresOptions() {
        List<Option<List<String>>> options = new ArrayList<>();
        options.add(expires("--static-expires", "REGEX SECONDS", "Expires for files whose whole path matches"));
        options.add(
                expires("--static-expires-path-info", "REGEX SECONDS", "Expires for files whose PATH_INFO matches"));
        options.add(expires("--static-expires-uri", "REGEX SECONDS", "Expires for files whose REQUEST_URI matches"));
        options.add(expires("--static-expires-type", "TYPE=SECONDS", "Expires for files of a type"));
        for (Option<List<String>> since : List.copyOf(options)) {
            options.add(expires(since.longName() + "-mtime", since.label(), "the same, since the last change"));
        }
        return options;
    }

    private static Option<List<String>> expires(String name, String label, String says) {
        return Option.values(ValueType.TEXT, name)
                .label(label)
                .inUwsgi(Option.SAME)
                .says(says);
    }

    private static List<Option<?>> all() {
        List<Option<?>> all = new ArrayList<>(List.of(
                STATIC_MAP,
                STATIC_MAP2,
                CHECK_STATIC,
                CHECK_STATIC_DOCROOT,
                STATIC_INDEX,
                STATIC_SAFE,
                STATIC_SKIP_EXT,
                STATIC_DOT_FILES,
                MIMEFILE));
        all.addAll(EXPIRES_OPTIONS);
        return all;
    }

    /// The files, in the order in which they are looked for.
    ///
    /// @param base what paths are relative to
    /// @throws IllegalArgumentException if a value is no such value
    public static StaticSite site(OptionValues values, Path base) {
        List<StaticFiles> files = new ArrayList<>();
        List<Path> places = new ArrayList<>();
        for (Path directory : values.of(CHECK_STATIC)) {
            places.add(base.resolve(directory));
            files.add(StaticFiles.ofPlace("/", places.getLast()));
        }
        // Of two prefixes the longer one goes first.
        Comparator<StaticMap> longestFirst =
                Comparator.comparingInt(map -> -map.prefix().length());
        maps("--static-map", values.of(STATIC_MAP), base).stream()
                .sorted(longestFirst)
                .forEach(map -> {
                    places.add(map.directory());
                    files.add(StaticFiles.ofPlace(map.prefix(), map.directory()));
                });
        maps("--static-map2", values.of(STATIC_MAP2), base).forEach(map -> {
            places.add(map.directory());
            files.add(StaticFiles.ofPlace(map.prefix(), map.directory()).withWholePath());
        });
        List<Expires> expires = expires(values);
        Map<String, String> types = types(values, base);
        List<Path> safe = values.of(STATIC_SAFE).stream().map(base::resolve).toList();
        UnaryOperator<StaticFiles> settings = each -> {
            StaticFiles all = each.withPrecompressed()
                    .withIndexes(values.of(STATIC_INDEX))
                    .withSkippedEndings(values.of(STATIC_SKIP_EXT))
                    .withSafe(safe)
                    .withExpires(expires)
                    .withTypes(types);
            return values.of(STATIC_DOT_FILES) ? all.withDotFiles() : all;
        };
        Optional<DocumentRoots> roots = values.of(CHECK_STATIC_DOCROOT)
                ? Optional.of(new DocumentRoots(root -> settings.apply(StaticFiles.ofPlace("/", root))))
                : Optional.empty();
        return new StaticSite(files.stream().map(settings).toList(), places, roots);
    }

    private static List<StaticMap> maps(String option, List<String> texts, Path base) {
        return texts.stream().map(text -> StaticMap.parse(option, text, base)).toList();
    }

    private static List<Expires> expires(OptionValues values) {
        List<Expires> rules = new ArrayList<>();
        for (Option<List<String>> option : EXPIRES_OPTIONS) {
            String name = option.longName();
            boolean sinceModified = name.endsWith("-mtime");
            Subject subject = EXPIRES.getOrDefault(name.replaceFirst("-mtime$", ""), Subject.FILE);
            for (String text : values.of(option)) {
                rules.add(expires(name, text, subject, sinceModified));
            }
        }
        return rules;
    }

    private static Expires expires(String name, String text, Subject subject, boolean sinceModified) {
        int end = text.lastIndexOf(subject == Subject.TYPE ? '=' : ' ');
        if (end < 1 || !text.substring(end + 1).matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("%s: '%s' is not %s"
                    .formatted(name, text, subject == Subject.TYPE ? "TYPE=SECONDS" : "REGEX SECONDS"));
        }
        String pattern = text.substring(0, end);
        try {
            return new Expires(
                    subject,
                    Pattern.compile(subject == Subject.TYPE ? "^" + Pattern.quote(pattern) + "$" : pattern),
                    Duration.ofSeconds(Long.parseLong(text.substring(end + 1))),
                    sinceModified);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "%s: '%s' is no regular expression: %s".formatted(name, pattern, e.getDescription()), e);
        }
    }

    private static Map<String, String> types(OptionValues values, Path base) {
        Map<String, String> types = new HashMap<>();
        for (Path file : values.of(MIMEFILE)) {
            try {
                for (String line : Files.readAllLines(base.resolve(file))) {
                    String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
                    for (int i = 1; i < words.length; i++) {
                        types.putIfAbsent(words[i].toLowerCase(Locale.ROOT), words[0]);
                    }
                }
            } catch (IOException e) {
                throw new IllegalArgumentException("--mimefile: can't read " + base.resolve(file), e);
            }
        }
        return types;
    }
}
