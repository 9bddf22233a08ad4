package dev.loomgate.toolkit.settings;

import java.util.List;
import java.util.Map;

/// Where an operator, or the program, may say something.
sealed interface Place permits CommandLine, Defaults, SettingsFile, Variables {
    /// What it says, by the settings' keys. What it says wrongly is [Given#WRONG], and a problem.
    ///
    /// @param settings by their keys
    /// @param problems where a line is added for each
    Map<String, Given> read(Map<String, Setting> settings, List<String> problems);

    /// How a value is given here: for who has given none.
    List<String> ways(Setting setting);
}
