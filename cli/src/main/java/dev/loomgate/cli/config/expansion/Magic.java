package dev.loomgate.cli.config.expansion;

import dev.loomgate.cli.config.entries.Notice;
import dev.loomgate.cli.config.entries.Origin;
import dev.loomgate.cli.config.entries.WrongConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/// The magic variables of configuration files: `%d` is the file's directory, `%k` the number of CPUs. Used by one
/// thread.
///
/// They are replaced in the whole text of a file, comments included, before it is read. A letter that stands for none
/// becomes nothing, and both characters are gone: `%Y-%m` has to be written `%%Y-%%m`.
public final class Magic {
    private static final String OF_FILE = "opsnedcxij";
    private static final String OF_SYSTEM = "vVhtTkuUgGb[%(";
    private static final int COMPONENTS = 10;

    private final SystemMagic system;
    private final Path directory;
    private final Map<Character, String> ofFile = new HashMap<>();
    private boolean isFirst = true;

    /// @param directory what names of files are relative to
    /// @param version of the program
    public Magic(Path directory, String version) {
        this.directory = directory;
        this.system = new SystemMagic(directory, version);
    }

    /// Whether the next file is the first one, whose variables stay, by their letters in upper case.
    ///
    /// @return how it was before
    public boolean first(boolean now) {
        boolean before = isFirst;
        isFirst = now;
        return before;
    }

    /// Whether the next file is the first one.
    public boolean isFirst() {
        return isFirst;
    }

    /// The host's name.
    public String hostName() {
        return system.value('h');
    }

    /// A file is about to be read.
    ///
    /// @param name as it was given, perhaps with a section: `site.ini:prod`
    /// @param special whether it is none of the disk's: `-`, `exec://...`
    /// @throws WrongConfiguration if it isn't there
    public void file(String name, boolean special, Origin origin) {
        int colon = name.lastIndexOf(':');
        if (special) {
            ofFile.put('o', name);
            return;
        }
        String file = colon < 0 ? name : name.substring(0, colon);
        ofFile.put('o', file);
        if (colon != 0) {
            path(file, origin);
        }
        ofFile.put('x', colon < 0 ? "" : name.substring(colon + 1));
        if (isFirst) {
            isFirst = false;
            for (int i = 0; i < OF_FILE.length(); i++) {
                char letter = OF_FILE.charAt(i);
                ofFile.put(Character.toUpperCase(letter), ofFile.getOrDefault(letter, ""));
            }
        }
    }

    private void path(String file, Origin origin) {
        Path path = directory.resolve(file);
        String whole;
        try {
            if (!Files.isSymbolicLink(path)) {
                whole = path.toRealPath().toString();
            } else {
                whole = file.startsWith("/") ? file : directory + "/" + file;
            }
            Object inode = Files.getAttribute(Path.of(whole), "unix:ino", LinkOption.NOFOLLOW_LINKS);
            ofFile.put('i', Integer.toString((int) (long) inode)); // as an int, in uWSGI
        } catch (NoSuchFileException e) {
            throw new WrongConfiguration(origin, "there is no file " + file);
        } catch (IOException e) {
            throw new WrongConfiguration(origin, "can't read " + file + ": " + e.getMessage());
        }
        int slash = whole.lastIndexOf('/');
        String last = whole.substring(slash + 1);
        String parent = whole.substring(0, slash);
        int dot = last.lastIndexOf('.');
        ofFile.put('p', whole);
        ofFile.put('j', hash(whole));
        ofFile.put('s', last);
        ofFile.put('d', parent + "/");
        ofFile.put('e', dot < 0 ? "" : last.substring(dot + 1));
        ofFile.put('n', dot < 0 ? last : last.substring(0, dot));
        ofFile.put('c', parent.substring(parent.lastIndexOf('/') + 1));
        StringTokenizer components = new StringTokenizer(parent, "/");
        for (int i = 0; i < COMPONENTS; i++) {
            ofFile.put((char) ('0' + i), components.hasMoreTokens() ? components.nextToken() : "");
        }
    }

    /// The hash djb33x, its bytes from the lowest on.
    private static String hash(String text) {
        int hash = 5381;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = ((hash << 5) + hash) ^ b;
        }
        return "%08X".formatted(Integer.reverseBytes(hash));
    }

    /// The first file has been read: from now on `%O` is its name as it was given, section and all.
    public void firstWas(String name) {
        ofFile.put('O', name);
    }

    /// A text with the variables' values.
    ///
    /// @param file as messages name it
    /// @param notices gets what the author should know
    public String replaceIn(String text, String file, List<Notice> notices) {
        StringBuilder replaced = new StringBuilder(text.length());
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line += c == '\n' ? 1 : 0;
            if (c != '%') {
                replaced.append(c);
            } else if (++i < text.length()) {
                char letter = text.charAt(i);
                replaced.append(value(letter));
                if (!isKnown(letter) && !isInComment(text, i)) {
                    notices.add(new Notice(Origin.file(file, line), unknown(letter)));
                }
                line += letter == '\n' ? 1 : 0;
            }
        }
        return replaced.toString();
    }

    private static boolean isInComment(String text, int place) {
        String line =
                text.substring(text.lastIndexOf('\n', place - 1) + 1, place).strip();
        return line.startsWith(";") || line.startsWith("#");
    }

    private static String unknown(char letter) {
        return letter == '\n'
                ? "a % at the end of a line joins the next line to it; write %%"
                : "%" + letter + " is no magic variable, and becomes nothing; for a % before a letter write %%"
                        + letter;
    }

    private static boolean isKnown(char letter) {
        return OF_SYSTEM.indexOf(letter) >= 0
                || OF_FILE.indexOf(Character.toLowerCase(letter)) >= 0
                || (letter >= '0' && letter <= '9');
    }

    private String value(char letter) {
        return OF_SYSTEM.indexOf(letter) >= 0 ? system.value(letter) : ofFile.getOrDefault(letter, "");
    }
}
