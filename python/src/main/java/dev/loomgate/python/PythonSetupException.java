package dev.loomgate.python;

/// What a program needs before it is loaded isn't there or can't be used: its interpreter, a spooler's directory, the
/// file of the queue. That ends a start whether the program is needed or not.
public final class PythonSetupException extends PythonStartException {
    private static final long serialVersionUID = 1;

    public PythonSetupException(String message) {
        super(message);
    }

    public PythonSetupException(String message, Throwable cause) {
        super(message, cause);
    }
}
