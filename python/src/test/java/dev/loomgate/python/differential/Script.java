package dev.loomgate.python.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What an application is asked: `NAME.requests` beside `NAME.py`.
///
/// ```
/// # what it is about
/// !modes sync threads
///
/// == login
/// POST /login
/// Content-Type: application/x-www-form-urlencoded
/// X-Token: ${cookie:token}
/// !log said to stdout
///
/// name=Bob
/// ```
///
/// Before the first request: `!alone` (a server of its own; else it shares one with other applications), `!modes`
/// (all without it), `!without CONTENDER MODE`, `!mount /prefix`, `!nginx` (behind it), `!cookies` (carry them
/// from answer to request). The lines of a body are joined by CR LF. [ScriptedRequest] has the rest.
///
/// @param application the module's name
/// @param alone whether it has a server of its own
/// @param carriesCookies whether cookies are carried
/// @param mount the prefix below which it is reached, or empty
/// @param behindNginx whether nginx is between
/// @param modes in which it makes sense
/// @param without contenders, each with a mode, that it hasn't to do with
record Script(
        String application,
        boolean alone,
        boolean carriesCookies,
        String mount,
        boolean behindNginx,
        Set<Mode> modes,
        Set<String> without,
        List<ScriptedRequest> requests) {
    private static final Pattern REQUEST = Pattern.compile("(?m)^== ");
    private static final String SUFFIX = ".requests";

    /// All of a directory, by name.
    static List<Script> all(Path directory) throws IOException {
        List<Script> scripts = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(SUFFIX)) {
                    scripts.add(read(file));
                }
            }
        }
        return scripts;
    }

    /// Without the requests that make no sense with nginx between.
    Script putBehindNginx() {
        List<ScriptedRequest> left = requests.stream()
                .filter(request -> !request.has("not-behind-nginx"))
                .toList();
        return new Script(application, alone, carriesCookies, mount, true, modes, without, left);
    }

    boolean isFor(Contender contender, Mode mode) {
        return contender.offers(mode) && !without.contains(contender.name() + " " + mode.lowerCase());
    }

    /// The lines that must be there by the script, and aren't. Where servers are known to differ, Loomgate must
    /// have them, else all.
    List<String> missing(String requestName, Map<String, String> outcomes, boolean alike) {
        ScriptedRequest request = request(requestName);
        List<String> missing = new ArrayList<>();
        outcomes.forEach((server, outcome) -> {
            if (alike || server.equals("loomgate")) {
                request.rightLines()
                        .filter(line -> outcome.lines().noneMatch(line::equals))
                        .forEach(line -> missing.add(server + ": " + line));
            }
        });
        return missing;
    }

    ScriptedRequest request(String requestName) {
        return requests.stream()
                .filter(request -> request.name().equals(requestName))
                .findFirst()
                .orElseThrow();
    }

    static Script read(Path file) throws IOException {
        String name = file.getFileName().toString();
        String[] parts = REQUEST.split(Files.readString(file));
        boolean alone = false;
        boolean cookies = false;
        String mount = "";
        boolean nginx = false;
        Set<String> without = new HashSet<>();
        Set<Mode> modes = EnumSet.allOf(Mode.class);
        for (String line : parts[0].lines().toList()) {
            String[] words = line.split(" ", 2);
            switch (words[0]) {
                case "!alone" -> alone = true;
                case "!cookies" -> cookies = true;
                case "!without" -> without.add(words[1]);
                case "!nginx" -> nginx = true;
                case "!mount" -> mount = words[1];
                case "!modes" -> {
                    modes.clear();
                    Stream.of(words[1].split(" ")).map(Mode::of).forEach(modes::add);
                }
                case "", "#" -> {}
                default -> throw new IllegalArgumentException(name + ": " + line);
            }
        }
        List<ScriptedRequest> requests =
                Stream.of(parts).skip(1).map(ScriptedRequest::parse).toList();
        String application = name.substring(0, name.length() - SUFFIX.length());
        return new Script(application, alone, cookies, mount, nginx, modes, without, requests);
    }
}
