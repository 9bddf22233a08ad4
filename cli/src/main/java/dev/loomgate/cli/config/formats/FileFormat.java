package dev.loomgate.cli.config.formats;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The forms that there are, with the ends of their files' names.
public enum FileFormat {
    INI(".ini"),
    YAML(".yaml", ".yml"),
    JSON(".json", ".js"),
    XML(".xml");

    @SuppressWarnings("ImmutableEnumChecker") // List.of, of texts
    private final List<String> endings;

    FileFormat(String... endings) {
        this.endings = List.of(endings);
    }

    /// The form of a file, by its name.
    public static Optional<FileFormat> of(String file) {
        return Arrays.stream(values())
                .filter(format -> format.endings.stream().anyMatch(file::endsWith))
                .findFirst();
    }

    /// What reads it.
    public SectionReader reader() {
        return switch (this) {
            case INI -> new IniText();
            case YAML -> new YamlText();
            case JSON -> new JsonText();
            case XML -> new XmlText();
        };
    }
}
