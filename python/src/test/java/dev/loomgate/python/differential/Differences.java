package dev.loomgate.python.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The known differences, each with its reason.
///
/// ```
/// generators: by-index, closed [sync]: gunicorn | loomgate uwsgi
///     Why they differ.
/// ```
///
/// Servers on one side of `|` answer alike. Without `[modes]` it is so in all.
record Differences(List<Difference> known) {
    /// @param application the script's name
    /// @param requests their names
    /// @param modes in which it is so
    /// @param groups servers that answer alike
    /// @param reason why
    record Difference(
            String application, Set<String> requests, Set<Mode> modes, List<Set<String>> groups, String reason) {}

    static Differences read(Path file) throws IOException {
        List<Difference> known = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            StringBuilder reason = new StringBuilder();
            while (i + 1 < lines.size() && lines.get(i + 1).startsWith("    ")) {
                reason.append(lines.get(++i).strip()).append(' ');
            }
            known.add(parse(line, reason.toString().strip()));
        }
        return new Differences(known);
    }

    private static Difference parse(String line, String reason) {
        String[] parts = line.split(": ", 3);
        if (parts.length < 3 || reason.isEmpty()) {
            throw new IllegalArgumentException("differences.txt: " + line);
        }
        Set<Mode> modes = EnumSet.allOf(Mode.class);
        String requests = parts[1];
        int bracket = requests.indexOf(" [");
        if (bracket > 0) {
            modes.clear();
            String names = requests.substring(bracket + 2, requests.length() - 1);
            Stream.of(names.split(" ")).map(Mode::of).forEach(modes::add);
            requests = requests.substring(0, bracket);
        }
        List<Set<String>> groups = Stream.of(parts[2].split(" \\| "))
                .map(group -> Set.of(group.split(" ")))
                .toList();
        return new Difference(parts[0], Set.of(requests.split(", ")), modes, groups, reason);
    }

    /// What is to be seen of those servers, such as `gunicorn | loomgate uwsgi`; one group where all agree.
    String expected(String application, String request, Mode mode, Collection<String> servers) {
        return find(application, request, mode)
                .map(difference -> grouped(difference.groups().stream()
                        .map(group -> servers.stream().filter(group::contains).toList())
                        .filter(group -> !group.isEmpty())
                        .toList()))
                .orElseGet(() -> grouped(List.of(servers)));
    }

    /// What is known of that request.
    Optional<Difference> find(String application, String request, Mode mode) {
        return known.stream()
                .filter(difference -> difference.application().equals(application)
                        && difference.requests().contains(request)
                        && difference.modes().contains(mode))
                .findFirst();
    }

    /// What has been seen: servers that gave the same outcome are of one group.
    static String observed(Map<String, String> outcomes) {
        Map<String, Collection<String>> byOutcome = new TreeMap<>();
        outcomes.forEach((server, outcome) ->
                byOutcome.computeIfAbsent(outcome, key -> new TreeSet<>()).add(server));
        return grouped(byOutcome.values());
    }

    private static String grouped(Collection<? extends Collection<String>> groups) {
        return groups.stream()
                .map(group -> group.stream().sorted().collect(Collectors.joining(" ")))
                .sorted()
                .collect(Collectors.joining(" | "));
    }

    /// Requests to which Loomgate is known to have an answer of its own, without a right one in the script.
    List<String> unjudged(List<Script> scripts) {
        return known.stream()
                .filter(difference -> difference.groups().contains(Set.of("loomgate")))
                .flatMap(difference -> scripts.stream()
                        .filter(script -> script.application().equals(difference.application()))
                        .flatMap(script -> script.requests().stream())
                        .filter(request -> difference.requests().contains(request.name()))
                        .filter(request -> !request.has("right"))
                        .map(request -> difference.application() + ": " + request.name()))
                .toList();
    }

    /// Differences of requests that no script has, as text.
    List<String> unknown(List<Script> scripts) {
        Set<String> names = scripts.stream()
                .flatMap(script ->
                        script.requests().stream().map(request -> script.application() + ": " + request.name()))
                .collect(Collectors.toCollection(TreeSet::new));
        return known.stream()
                .flatMap(difference ->
                        difference.requests().stream().map(request -> difference.application() + ": " + request))
                .filter(name -> !names.contains(name))
                .toList();
    }
}
