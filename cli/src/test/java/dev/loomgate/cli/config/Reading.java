package dev.loomgate.cli.config;

import dev.loomgate.cli.config.entries.Origin;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads configurations as the program does, with the options that a test knows.
record Reading(Set<String> options, Surroundings surroundings) {
    static Reading in(Path directory) {
        return new Reading(
                Set.of("processes", "threads", "master", "module", "socket", "listen", "touch-reload", "no-server"),
                new Surroundings(
                        Map.of("HOME", "/home/shop"), directory, InputStream.nullInputStream(), false, "1.2.3"));
    }

    Reading environment(Map<String, String> environment) {
        return new Reading(
                options,
                new Surroundings(
                        environment,
                        surroundings.directory(),
                        surroundings.input(),
                        surroundings.mayExecute(),
                        "1.2.3"));
    }

    Reading input(String text) {
        return new Reading(
                options,
                new Surroundings(
                        surroundings.environment(),
                        surroundings.directory(),
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                        surroundings.mayExecute(),
                        "1.2.3"));
    }

    Reading allowingExec() {
        return new Reading(
                options,
                new Surroundings(
                        surroundings.environment(), surroundings.directory(), surroundings.input(), true, "1.2.3"));
    }

    /// @param entries keys and values, one after the other, as from the command line
    Configuration read(String... entries) {
        ConfigurationReader reader = new ConfigurationReader(known(), surroundings);
        for (int i = 0; i < entries.length; i += 2) {
            String value = entries[i + 1];
            reader.add(entries[i], value.equals("(none)") ? null : value, Origin.commandLine(i / 2));
        }
        return reader.finish();
    }

    private KnownOptions known() {
        return new KnownOptions() {
            @Override
            public Optional<Takes> find(String name) {
                boolean ofReader = ConfigurationReader.consumes(name) && !name.equals("end");
                return options.contains(name) || ImmediateOptions.has(name) || ofReader
                        ? Optional.of(Takes.VALUE)
                        : Optional.empty();
            }

            @Override
            public List<String> similar(String name) {
                return options.stream()
                        .filter(option -> option.substring(1).equals(name.substring(1)))
                        .toList();
            }
        };
    }
}
