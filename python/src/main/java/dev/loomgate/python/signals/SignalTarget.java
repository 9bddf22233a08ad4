package dev.loomgate.python.signals;

import java.util.List;

/// Which processes run a signal's handler, as `uwsgi.register_signal` names them.
///
/// | target | who |
/// |---|---|
/// | empty, `worker`, `worker0` | a worker that is free |
/// | `worker2` | that one |
/// | `workers`, `active-workers` | all of them |
/// | `mule`, `mule2`, `mules`, `spooler` | the same of other processes |
/// | `farm_mails`, `farm1` | one of that group that is free |
///
/// @param kind of processes; empty for a group
/// @param group its name; empty for a kind
/// @param number of the process; 0 where that doesn't matter
/// @param all whether all of them
record SignalTarget(String kind, String group, int number, boolean all) {
    private static final List<String> KINDS = List.of("worker", "mule", "spooler");
    private static final String ACTIVE = "active-workers";
    private static final int MOST_DIGITS = 6;

    /// @throws IllegalArgumentException if it names no process that there could be
    static SignalTarget of(String text) {
        if (text.isEmpty()) {
            return new SignalTarget("worker", "", 0, false);
        }
        if (text.equals(ACTIVE)) {
            return new SignalTarget("worker", "", 0, true);
        }
        if (text.startsWith("farm")) {
            return new SignalTarget("", text, 0, false);
        }
        for (String kind : KINDS) {
            if (text.startsWith(kind)) {
                String rest = text.substring(kind.length());
                if (rest.equals("s")) {
                    return new SignalTarget(kind, "", 0, true);
                }
                if (rest.isEmpty() || isNumber(rest)) {
                    return new SignalTarget(kind, "", rest.isEmpty() ? 0 : Integer.parseInt(rest), false);
                }
            }
        }
        throw new IllegalArgumentException("'%s' is no target of a signal".formatted(text));
    }

    private static boolean isNumber(String text) {
        return text.length() <= MOST_DIGITS && text.chars().allMatch(each -> each >= '0' && each <= '9');
    }

    /// Whether any one of several processes will do.
    boolean isAny() {
        return !all && number == 0;
    }

    boolean includes(SignalReceiver receiver) {
        return kind.isEmpty()
                ? receiver.groups().contains(group)
                : kind.equals(receiver.kind()) && (number == 0 || number == receiver.number());
    }

    /// `worker2`, as messages say it.
    @Override
    public String toString() {
        return kind.isEmpty() ? group : kind + (all ? "s" : number == 0 ? "" : number);
    }
}
