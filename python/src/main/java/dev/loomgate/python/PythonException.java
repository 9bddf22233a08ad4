package dev.loomgate.python;

/// The Python program failed in a request, or isn't there: the message is its traceback, or why. It has no Java stack,
/// which would say nothing.
public final class PythonException extends Exception {
    private static final long serialVersionUID = 1;

    public PythonException(String traceback) {
        super(traceback, null, false, false);
    }
}
