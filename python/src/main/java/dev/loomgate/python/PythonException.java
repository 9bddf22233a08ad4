package dev.loomgate.python;

/// The Python program failed in a request, or isn't there: the message is its traceback, or why. It has no Java stack,
/// which would say nothing.
public final class PythonException extends Exception {
    private static final long serialVersionUID = 1;

    public PythonException(String traceback) {
        super(traceback, null, false, false);
    }

    /// The message alone, as Python shows a failure: the class is of no interest to who reads the log.
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message is right, what is put before it isn't
    public String toString() {
        return String.valueOf(getMessage());
    }
}
