package dev.loomgate.toolkit.settings;

import dev.loomgate.gateway.Quoting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the environment says: by a variable, by a file that a variable names, or by a file among the
/// service's credentials, whose directory systemd names (systemd.exec(5), `LoadCredential=`).
///
/// @param variables of the environment
/// @param prefix of those that are the program's, with its underscore
record Variables(Map<String, String> variables, String prefix) implements Place {
    private static final String FILE = "_FILE";
    private static final String CREDENTIALS = "CREDENTIALS_DIRECTORY";

    @Override
    public Map<String, Given> read(Map<String, Setting> settings, List<String> problems) {
        Map<String, Given> given = new LinkedHashMap<>();
        for (Setting setting : settings.values()) {
            Given says = find(setting, problems);
            if (says != null) {
                given.put(setting.key(), says);
            }
        }
        return given;
    }

    private @Nullable Given find(Setting setting, List<String> problems) {
        String variable = setting.variable(prefix);
        String text = variables.get(variable);
        String file = variables.get(variable + FILE);
        if (text != null && file != null) {
            problems.add(
                    "environment variables %s and %s are both there: keep one".formatted(variable, variable + FILE));
            return Given.WRONG;
        }
        if (text != null) {
            return Given.of(List.of(text), "environment variable " + variable, setting);
        }
        if (file != null) {
            return read(
                    file,
                    "file \"%s\" of environment variable %s".formatted(Quoting.printable(file), variable + FILE),
                    problems);
        }
        String credentials = variables.get(CREDENTIALS);
        return credentials != null && Files.exists(Path.of(credentials, setting.key()))
                ? read(credentials + "/" + setting.key(), "credential " + setting.key(), problems)
                : null;
    }

    private static Given read(String file, String origin, List<String> problems) {
        try {
            // What writes such files mostly ends them with a line break, which is no part of the value.
            return Given.ofFile(Files.readString(Path.of(file)).replaceFirst("\r?\n\\z", ""), origin);
        } catch (NoSuchFileException | InvalidPathException e) {
            problems.add(origin + " is missing");
        } catch (IOException e) {
            problems.add(SettingsFile.unreadable(origin, e));
        }
        return Given.WRONG;
    }

    @Override
    public List<String> ways(Setting setting) {
        String variable = setting.variable(prefix);
        return variables.containsKey(CREDENTIALS)
                ? List.of(variable, variable + FILE, "credential " + setting.key())
                : List.of(variable, variable + FILE);
    }
}
