package dev.loomgate.cli.config.entries;

/// A configuration that can't be used. Its message is for the operator, one line, with file and line.
public final class WrongConfiguration extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WrongConfiguration(Origin origin, String text) {
        super(new Notice(origin, text).toString());
    }
}
