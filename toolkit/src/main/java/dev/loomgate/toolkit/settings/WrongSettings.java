package dev.loomgate.toolkit.settings;

import java.util.List;

/// What an operator has said is incomplete or wrong. The message is for the operator: a line for each
/// thing, which names the setting and where its value is from, and shows no secret.
public final class WrongSettings extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> lines;

    WrongSettings(List<String> lines) {
        super(String.join("\n", lines));
        this.lines = List.copyOf(lines);
    }

    /// The lines, one at least.
    public List<String> lines() {
        return lines;
    }
}
