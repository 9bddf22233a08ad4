package dev.loomgate.cli.config;

import dev.loomgate.cli.config.entries.Origin;
import dev.loomgate.cli.config.entries.WrongConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a text comes from: a file, standard input, a file descriptor, a program's output.
final class Sources {
    private static final Pattern SCHEME =
            Pattern.compile("(emperor|http|data|sym|section|fd|exec|call|callint)://(.*)", Pattern.DOTALL);
    private static final String INPUT = "-";

    private final Surroundings surroundings;

    Sources(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static boolean hasScheme(String name) {
        return SCHEME.matcher(name).matches();
    }

    /// Whether it is none of the disk's files.
    static boolean isSpecial(String name) {
        return name.equals(INPUT) || hasScheme(name);
    }

    /// @param wanted where it is asked for
    /// @throws WrongConfiguration if it can't be read
    String read(String name, Origin wanted) {
        try {
            return new String(bytes(name, wanted), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new WrongConfiguration(
                    wanted, "there is no file " + name + unexpanded(name).orElse(""));
        } catch (IOException e) {
            String reason =
                    Files.isDirectory(surroundings.directory().resolve(name)) ? "it is a directory" : e.getMessage();
            throw new WrongConfiguration(wanted, "can't read " + name + ": " + reason);
        } catch (InvalidPathException e) {
            throw new WrongConfiguration(wanted, "can't read " + name + ": " + e.getReason());
        }
    }

    /// What is to be said of a name in which something was left as it is.
    static Optional<String> unexpanded(String name) {
        return name.matches("(?s).*[%$@]\\(.*")
                ? Optional.of(
                        ": what reads a file acts at once, before %(...), $(...) and @(...) are replaced, so that its"
                                + " name can have only magic variables such as %d")
                : Optional.empty();
    }

    private byte[] bytes(String name, Origin wanted) throws IOException {
        if (name.equals(INPUT)) {
            return surroundings.input().readAllBytes();
        }
        Matcher scheme = SCHEME.matcher(name);
        if (!scheme.matches()) {
            return Files.readAllBytes(surroundings.directory().resolve(name));
        }
        String rest = scheme.group(2);
        return switch (scheme.group(1)) {
            case "fd" -> Files.readAllBytes(Path.of("/proc/self/fd", Integer.toString(number(rest))));
            case "exec" -> output(rest, wanted);
            case "http" ->
                throw new WrongConfiguration(
                        wanted, name + ": a configuration isn't fetched over the network: give a file");
            case "emperor" -> throw new WrongConfiguration(wanted, name + ": there is no emperor that would send it");
            default ->
                throw new WrongConfiguration(
                        wanted, name + ": that is in uWSGI's own program, which isn't here: give a file");
        };
    }

    private static int number(String text) {
        Matcher digits = Pattern.compile("[0-9]{1,9}").matcher(text);
        return digits.lookingAt() ? Integer.parseInt(digits.group()) : 0;
    }

    private byte[] output(String command, Origin wanted) throws IOException {
        if (!surroundings.mayExecute()) {
            throw new WrongConfiguration(
                    wanted,
                    "exec://" + command + " would run a program: allow that on the command line (--allow-exec)");
        }
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command)
                .directory(surroundings.directory().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectInput(ProcessBuilder.Redirect.INHERIT);
        return builder.start().getInputStream().readAllBytes();
    }
}
