package dev.loomgate.python;

/// No Python program can be loaded at all, since there is no interpreter: its virtual environment isn't there, or it
/// can't be started. That ends a start whether the program is needed or not.
public final class NoInterpreter extends PythonStartException {
    private static final long serialVersionUID = 1;

    public NoInterpreter(String message) {
        super(message);
    }

    public NoInterpreter(String message, Throwable cause) {
        super(message, cause);
    }
}
