package dev.loomgate.cli.config;

import dev.loomgate.cli.config.entries.ConfigEntry;
import dev.loomgate.cli.config.entries.Notice;
import dev.loomgate.cli.config.entries.Origin;
import dev.loomgate.cli.config.entries.WrongConfiguration;
import dev.loomgate.cli.config.expansion.Arithmetic;
import dev.loomgate.cli.config.expansion.Placeholders;
import dev.loomgate.cli.config.formats.FileFormat;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads a configuration: entries are added in the order in which they were given, and [#finish] has what they come to.
///
/// The rules are those of uWSGI 2.0.21, seen by asking it and in its sources. Used by one thread, once.
///
/// ```java
/// ConfigurationReader reader = new ConfigurationReader(known, surroundings);
/// reader.add("ini", "site.ini", Origin.commandLine(0));
/// Configuration configuration = reader.finish();
/// ```
public final class ConfigurationReader {
    private static final String DECLARE_LATER = "declare-option2";
    private static final String INHERIT = "inherit";

    /// An entry while it may still change.
    private static final class Slot {
        private final String key;
        private final Origin origin;
        private @Nullable String value;
        private boolean done; // it has acted, or is a variable by its own words
        private boolean isVariable; // by its own words

        Slot(String key, @Nullable String value, Origin origin) {
            this.key = key;
            this.value = value;
            this.origin = origin;
        }

        ConfigEntry entry() {
            return new ConfigEntry(key, value, origin);
        }
    }

    private final KnownOptions known;
    private final Surroundings surroundings;
    private final Sources sources;
    private final ConfigFiles files;
    private final CustomOptions custom = new CustomOptions();
    private final List<Slot> slots = new ArrayList<>();
    private final List<ConfigEntry> byCustom = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<String> plugins = new HashSet<>(Set.of("python", "http", "corerouter"));
    private @Nullable Logic logic;
    private @Nullable ConfigEntry begun; // what began it
    private boolean inLogic; // a line of its body is being added
    private boolean strict;
    private @Nullable String blacklist;
    private @Nullable String whitelist;

    public ConfigurationReader(KnownOptions known, Surroundings surroundings) {
        this.known = known;
        this.surroundings = surroundings;
        sources = new Sources(surroundings);
        files = new ConfigFiles(surroundings, sources, notices, this::add);
    }

    /// Whether an entry with this key has done all it does when the configuration has been read.
    public static boolean consumes(String key) {
        return ImmediateOptions.CONSUMED.contains(key);
    }

    /// Reads a file that is named on the command line without an option.
    ///
    /// @param name it has one of the forms' endings
    /// @throws WrongConfiguration if it can't be read
    public void addFile(String name, Origin origin) {
        files.include(name, origin);
    }

    /// Adds an entry, and lets it act if it is one that acts at once.
    ///
    /// @param key an option's name without dashes, or a variable's
    /// @param value null for none
    /// @throws WrongConfiguration if it can't be used
    public void add(String key, @Nullable String value, Origin origin) {
        add(key, value, origin, false);
    }

    private void add(String key, @Nullable String value, Origin origin, boolean isVariable) {
        checkLists(key, origin);
        if (!inLogic) {
            if (Logic.ENDS.contains(key)) {
                logic = null;
                begun = null;
            }
            if (logic != null) {
                addBy(logic, key, value, origin);
                return;
            }
        }
        Slot slot = new Slot(key, value, origin);
        slots.add(slot);
        if (isVariable) {
            if (isOption(key)) {
                throw new WrongConfiguration(
                        origin, key + " is an option, and can't be a placeholder: set = does that");
            }
            slot.isVariable = true;
            slot.done = true;
        } else if (isOption(key)) {
            if (ImmediateOptions.has(key) || custom.has(key)) {
                act(key, value == null ? "" : value, origin, false);
                slot.done = true;
            }
        } else {
            checkStrict(key, origin);
        }
    }

    private void addBy(Logic block, String key, @Nullable String value, Origin origin) {
        inLogic = true;
        for (String item : block.items(this::valueOf, plugins::contains, files::hostName)) {
            String replaced = value == null || item == null ? value : value.replace("%(_)", item);
            add(key, replaced, origin);
        }
        inLogic = false;
    }

    private boolean isOption(String key) {
        return known.find(key).isPresent() || custom.has(key) || ImmediateOptions.has(key);
    }

    private void checkStrict(String key, Origin origin) {
        if (strict) {
            throw new WrongConfiguration(origin, key + " is no option, and strict allows no others" + perhaps(key));
        }
    }

    private String perhaps(String key) {
        List<String> similar = known.similar(key);
        return similar.isEmpty() ? "" : "; perhaps " + String.join(" or ", similar);
    }

    private void checkLists(String key, Origin origin) {
        if (blacklist != null && isListed(blacklist, key)) {
            throw new WrongConfiguration(origin, key + " is forbidden by a blacklist above it");
        }
        if (whitelist != null && !isListed(whitelist, key)) {
            throw new WrongConfiguration(origin, key + " is forbidden by a whitelist above it");
        }
    }

    private static boolean isListed(String list, String key) {
        return Arrays.stream(list.split(" ", -1)).anyMatch(key::equalsIgnoreCase);
    }

    /// An option does what it does. Those of the server's have no effect here: they are kept.
    ///
    /// @param isCustom whether an option that was declared in the configuration asks for it
    private void act(String key, String value, Origin origin, boolean isCustom) {
        Optional<FileFormat> format = formatOf(key);
        if (format.isPresent()) {
            files.load(format.get(), value, origin);
        } else if (ImmediateOptions.INI_PASTE.contains(key)) {
            files.load(FileFormat.INI, value, origin);
            keep(key, value, origin, isCustom);
        } else if (ImmediateOptions.BY_NAME.contains(key) || key.equals(INHERIT)) {
            files.include(value, origin);
        } else if (Logic.begins(key)) {
            begin(key, value, origin);
        } else if (ImmediateOptions.PLUGINS.contains(key)) {
            // Debian's python311 is the plugin python.
            Arrays.stream(value.split(",", -1))
                    .map(name -> name.replaceFirst("[0-9]+$", ""))
                    .forEach(plugins::add);
            keep(key, value, origin, isCustom);
        } else if (custom.has(key) && known.find(key).isEmpty()) {
            custom.apply(key, value, (name, text) -> actByCustom(name, text, origin));
        } else {
            actOn(key, value, origin, isCustom);
        }
    }

    private void actOn(String key, String value, Origin origin, boolean isCustom) {
        switch (key) {
            case "set" -> set(value, origin, false);
            case "set-placeholder", "set-ph" -> set(value, origin, true);
            case "declare-option", DECLARE_LATER -> custom.declare(value, origin);
            case "resolve" -> set(resolved(value, origin), origin, true);
            case "inject-before", "inject-after" -> files.inject(value, key.equals("inject-before"));
            case "strict" -> strict = new ConfigEntry(key, value, origin).isOn();
            case "blacklist" -> blacklist = value;
            case "end-blacklist" -> blacklist = null;
            case "whitelist" -> whitelist = value;
            case "end-whitelist" -> whitelist = null;
            default -> keep(key, value, origin, isCustom);
        }
    }

    private void keep(String key, String value, Origin origin, boolean isCustom) {
        if (isCustom) {
            byCustom.add(new ConfigEntry(key, value, origin));
        }
    }

    private void actByCustom(String key, String value, Origin origin) {
        if (isOption(key)) {
            act(key, value, origin, true);
        } else {
            checkStrict(key, origin);
        }
    }

    private static Optional<FileFormat> formatOf(String key) {
        if (ImmediateOptions.INI.contains(key)) {
            return Optional.of(FileFormat.INI);
        }
        if (ImmediateOptions.YAML.contains(key)) {
            return Optional.of(FileFormat.YAML);
        }
        if (ImmediateOptions.JSON.contains(key)) {
            return Optional.of(FileFormat.JSON);
        }
        return ImmediateOptions.XML.contains(key) ? Optional.of(FileFormat.XML) : Optional.empty();
    }

    private void begin(String key, String value, Origin origin) {
        if (logic != null) {
            throw new WrongConfiguration(
                    origin, key + " stands in another block: for and if- can't be nested, end the one before it first");
        }
        Sources.unexpanded(value)
                .ifPresent(
                        why -> notices.add(
                                new Notice(
                                        origin,
                                        key
                                                + " acts at once, before %(...), $(...) and @(...) are replaced: it has them as they are")));
        logic = new Logic(key, value, surroundings);
        begun = new ConfigEntry(key, value, origin);
    }

    private void set(String text, Origin origin, boolean isVariable) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new WrongConfiguration(
                    origin, "'" + text + "' is not NAME=VALUE, as set and set-placeholder need it");
        }
        add(text.substring(0, equals), text.substring(equals + 1), origin, isVariable);
    }

    private static String resolved(String text, Origin origin) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new WrongConfiguration(origin, "'" + text + "' is not NAME=HOST, as resolve needs it");
        }
        String host = text.substring(equals + 1);
        try {
            return text.substring(0, equals + 1) + InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException e) {
            throw new WrongConfiguration(origin, "can't resolve the name " + host);
        }
    }

    /// The first value that was given for a key.
    private @Nullable String valueOf(String key) {
        asked.add(key);
        for (Slot slot : slots) {
            if (slot.key.equals(key)) {
                return slot.value;
            }
        }
        return null;
    }

    /// Replaces what is to be replaced, reads what is inherited, and gives the result. Nothing can be added after it.
    ///
    /// @throws WrongConfiguration if that isn't possible
    public Configuration finish() {
        if (begun != null) {
            notices.add(new Notice(
                    begun.origin(),
                    begun.key() + " has no end: all that follows is in its block, after the file, too"));
        }
        pass('$', slot -> surroundings::variable);
        pass('@', slot -> name -> contentOf(name, slot.origin));
        pass('%', slot -> expression -> Arithmetic.value(expression, this::valueOf));
        configure();
        List<ConfigEntry> options = new ArrayList<>(byCustom);
        List<ConfigEntry> unknown = new ArrayList<>();
        for (Slot slot : slots) {
            if (!slot.isVariable && known.find(slot.key).isPresent()) {
                if (!consumes(slot.key)) {
                    options.add(slot.entry());
                }
            } else if (!slot.isVariable
                    && !isOption(slot.key)
                    && !asked.contains(slot.key)
                    && !slot.key.equals("end")) {
                unknown.add(slot.entry());
            }
        }
        return new Configuration(slots.stream().map(Slot::entry).toList(), options, unknown, notices);
    }

    private void pass(char symbol, Function<Slot, Function<String, @Nullable String>> lookup) {
        for (Slot slot : slots) {
            String value = slot.value;
            if (value != null && !slot.done && value.indexOf(symbol) >= 0) {
                try {
                    Placeholders.replace(value, symbol, lookup.apply(slot), replaced -> slot.value = replaced);
                } catch (Placeholders.Circular e) {
                    throw new WrongConfiguration(slot.origin, slot.key + ": " + e.getMessage());
                }
            }
        }
    }

    private String contentOf(String name, Origin origin) {
        String text = sources.read(name, origin);
        int end = text.endsWith("\n") || text.endsWith("\r") ? text.length() - 1 : text.length();
        int nul = text.indexOf('\0');
        return text.substring(0, nul >= 0 && nul < end ? nul : end);
    }

    /// What isn't done yet and concerns the configuration itself. It may add entries, so the list grows on the way.
    private void configure() {
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            if (slot.done) {
                continue;
            }
            if (slot.key.equals(INHERIT) || slot.key.equals(DECLARE_LATER) || custom.has(slot.key)) {
                slot.done = true;
                act(slot.key, slot.value == null ? "" : slot.value, slot.origin, false);
            } else if (!isOption(slot.key)) {
                checkStrict(slot.key, slot.origin);
            }
        }
    }
}
