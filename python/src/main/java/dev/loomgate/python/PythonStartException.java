package dev.loomgate.python;

/// A Python program can't be loaded. The message is for the operator: what is wrong, and below it the traceback
/// where there is one.
public sealed class PythonStartException extends Exception permits PythonSetupException {
    private static final long serialVersionUID = 1;

    public PythonStartException(String message) {
        super(message);
    }

    public PythonStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
