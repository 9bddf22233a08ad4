package dev.loomgate.cli.emperor;

/// What an emperor and a process that several vassals share tell each other, a byte each; then the number that the
/// emperor has given the vassal, and a space:
///
/// ```
///  emperor                               the process
///    |-- START 7 name, arguments + a connection ->| reads the vassal's configuration, and so on (Message)
///    |-- KILL 7 -------------------------->| stops it at once
///    |<----------------- ENDED 7 status ---| it has ended, or
///    |<------------------ APART 7 why -----| has ended since it needs a process of its own
/// ```
///
/// Where the connection is closed, no vassal comes any more: the process ends with the last one.
enum SharedMessage {
    START(1),
    KILL(2),
    ENDED(3),
    APART(4);

    private final int code;

    SharedMessage(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    boolean is(int other) {
        return code == other;
    }

    static String text(int id, String more) {
        return id + " " + more;
    }

    static int id(String text) {
        return Integer.parseInt(text.substring(0, text.indexOf(' ')));
    }

    static String more(String text) {
        return text.substring(text.indexOf(' ') + 1);
    }
}
