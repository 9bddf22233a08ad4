package dev.loomgate.python.signals;

import java.util.Set;

/// A process that runs handlers of signals. What it is called in targets is its kind and its number: `worker2`. Loop
/// side only.
public interface SignalReceiver {
    /// What targets call processes like it: `worker`, `mule`, `spooler`.
    String kind();

    /// Its number among them, 1 or more.
    int number();

    /// Targets that mean a group which it is in, any of whose processes will do: `farm_mails`, `farm1`.
    default Set<String> groups() {
        return Set.of();
    }

    /// Whether it would run a handler at once.
    boolean isFree();

    /// How many signals it has been sent whose handlers have not ended.
    int unended();

    /// Sends it a signal.
    ///
    /// @param number 0 to 255
    void send(int number);
}
