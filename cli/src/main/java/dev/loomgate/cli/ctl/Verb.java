package dev.loomgate.cli.ctl;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What can be asked for, and the request on the control socket that asks for it.
enum Verb {
    STATUS("status", "what the server is and does", "GET /status"),
    REQUESTS("requests", "the requests in flight, the oldest first", "GET /requests"),
    STACK("stack ID", "where a request is: in Java, or in Python", "GET /requests/ID/stack"),
    CANCEL("cancel ID", "end a request: its client gets a 504", "POST /requests/ID/cancel"),
    WORKERS("workers", "the Python workers", "GET /workers"),
    WORKERS_ADD("workers add", "one worker more", "POST /workers/add"),
    WORKERS_REMOVE("workers remove", "one that is idle fewer", "POST /workers/remove"),
    WORKERS_KILL("workers kill ID", "kill one, by its number or process id", "POST /workers/ID/kill"),
    WORKERS_RELOAD("workers reload", "replace them, one after the other", "POST /workers/reload"),
    RELOAD("reload", "load the Python applications again", "POST /reload"),
    DRAIN("drain", "not ready, and clients are asked to go; with --stop, then stop", "POST /drain"),
    UNDRAIN("undrain", "ready again", "POST /undrain"),
    PAUSE("pause", "new connections wait in the kernel's queue", "POST /pause"),
    RESUME("resume", "they are served again", "POST /resume"),
    STOP("stop", "stop when all is answered; with --now, at once", "POST /stop"),
    LOGS("logs", "the last lines of the log; with -f, and those that come", "GET /logs"),
    DUMP("dump", "all microthreads with their stacks", "POST /dump");

    private static final String ID = "ID";

    private final String usage;
    private final String does;
    private final String request;

    Verb(String words, String does, String request) {
        this.usage = words;
        this.does = does;
        this.request = request;
    }

    /// The verb that these words are.
    static Optional<Verb> of(List<String> given) {
        return Stream.of(values()).filter(verb -> verb.fits(given)).findFirst();
    }

    /// How those verbs are typed that begin with the same word; empty if none does.
    static List<String> usagesLike(List<String> given) {
        return Stream.of(values())
                .filter(verb -> !given.isEmpty() && verb.words().getFirst().equals(given.getFirst()))
                .map(Verb::usage)
                .toList();
    }

    private List<String> words() {
        return List.of(usage.split(" "));
    }

    private boolean fits(List<String> given) {
        List<String> words = words();
        if (given.size() != words.size()) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            if (!words.get(i).equals(ID) && !words.get(i).equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// As it is typed.
    String usage() {
        return usage;
    }

    String does() {
        return does;
    }

    String method() {
        return request.substring(0, request.indexOf(' '));
    }

    /// Where the request goes.
    ///
    /// @param given the words
    String path(List<String> given) {
        String path = request.substring(request.indexOf(' ') + 1);
        List<String> words = words();
        return words.contains(ID) ? path.replace(ID, given.get(words.indexOf(ID))) : path;
    }

    /// As messages name it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
