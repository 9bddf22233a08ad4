package dev.loomgate.python.signals;

/// What is known of signals that are due. Loop side only.
interface Raised {
    /// Raises one.
    void raise(int signal);

    /// Whether it is for one server, where servers share what raises it: not one that is for each of several
    /// processes, whose work is about what they have themselves, and not one that nobody here handles.
    boolean isForOne(int signal);

    /// What servers call its handler: the function's name or, where that isn't known, the signal's number.
    String handler(int signal);
}
