package dev.loomgate.server.cgi;

import dev.loomgate.gateway.Variables;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where each variable of a packet's block is, and how to find one by its name without a string for the others.
///
/// An entry is one int: the place of the variable's first byte (upper half) and a tag made of the name's length
/// and three of its characters (lower half). Looking a name up is a walk over twenty or thirty ints.
///
/// ```
///  block: ... | klen | key ............. | vlen | value ....... | ...
///             ^ place
/// ```
///
/// A name that occurs more than once: fields of HTTP (`HTTP_*`) are joined as HTTP joins them. Of others, and of
/// HTTP_HOST, which nginx lets no client send twice, the last one counts, so that in nginx a `uwsgi_param` after
/// `include uwsgi_params` replaces the included one.
public final class VariableIndex {
    private final byte[] block;
    private final int[] entries;
    private final int count;
    private final boolean repeated;

    /// @param repeated whether any name occurs more than once
    VariableIndex(byte[] block, int[] entries, int count, boolean repeated) {
        this.block = block;
        this.entries = entries;
        this.count = count;
        this.repeated = repeated;
    }

    static int entry(int at, int tag) {
        return at << 16 | tag;
    }

    static int at(int entry) {
        return entry >>> 16;
    }

    static boolean hasTag(int entry, int tag) {
        return (entry & 0xffff) == tag;
    }

    static int tag(byte[] block, int key, int length) {
        return mix(length, block[key], block[key + (length >> 1)], block[key + length - 1]);
    }

    private static int tag(String key) {
        int length = key.length();
        return mix(length, key.charAt(0), key.charAt(length >> 1), key.charAt(length - 1));
    }

    private static int mix(int length, int first, int middle, int last) {
        return (((length * 31 + first) * 31 + middle) * 31 + last) & 0xffff;
    }

    int count() {
        return count;
    }

    /// The bytes that they take, with their lengths.
    int bytes() {
        if (count == 0) {
            return 0;
        }
        int name = at(entries[count - 1]) + 2;
        int value = name + PacketText.u16(block, name - 2) + 2;
        return value + PacketText.u16(block, value - 2);
    }

    boolean contains(String key) {
        return find(key, count) >= 0;
    }

    /// The value, read as latin-1, or null.
    @Nullable
    String latin1(String key) {
        int found = find(key, count);
        if (found < 0) {
            return null;
        }
        return repeated && isJoined(key) ? joined(key, found) : value(found, key, StandardCharsets.ISO_8859_1);
    }

    /// The value, read as UTF-8, what isn't UTF-8 in it as U+FFFD; or null.
    @Nullable
    String utf8(String key) {
        int found = find(key, count);
        return found < 0 ? null : value(found, key, StandardCharsets.UTF_8);
    }

    /// Names each variable once, in the packet's order.
    public void forEachKey(Consumer<String> action) {
        for (int i = 0; i < count; i++) {
            int at = at(entries[i]);
            String key = PacketText.text(block, at + 2, PacketText.u16(block, at));
            if (!repeated || find(key, i) < 0) {
                action.accept(key);
            }
        }
    }

    /// Whether a name occurs more than once.
    boolean isRepeated() {
        return repeated;
    }

    /// The length of a variable's value, or -1.
    int length(String key) {
        int found = find(key, count);
        return found < 0 ? -1 : PacketText.u16(block, at(entries[found]) + 2 + key.length());
    }

    /// Whether a variable is there whose value begins with that byte.
    boolean startsWith(String key, char first) {
        int found = find(key, count);
        int value = found < 0 ? 0 : at(entries[found]) + 2 + key.length() + 2;
        return found >= 0 && PacketText.u16(block, value - 2) > 0 && block[value] == first;
    }

    /// Calls `action` for each variable's bytes, in the packet's order.
    void forEachUndecoded(Variables.Undecoded action) {
        for (int i = 0; i < count; i++) {
            int name = at(entries[i]) + 2;
            int nameLength = PacketText.u16(block, name - 2);
            int value = name + nameLength + 2;
            action.variable(block, name, nameLength, value, PacketText.u16(block, value - 2));
        }
    }

    private static boolean isJoined(String key) {
        return key.startsWith("HTTP_") && !key.equals("HTTP_HOST");
    }

    private String joined(String key, int last) {
        String separator = key.equals("HTTP_COOKIE") ? "; " : ", ";
        String joined = value(last, key, StandardCharsets.ISO_8859_1);
        for (int i = find(key, last); i >= 0; i = find(key, i)) {
            joined = value(i, key, StandardCharsets.ISO_8859_1) + separator + joined;
        }
        return joined;
    }

    private String value(int found, String key, Charset charset) {
        int value = at(entries[found]) + 2 + key.length() + 2;
        return new String(block, value, PacketText.u16(block, value - 2), charset);
    }

    // The last variable of that name before the one at `end`, or -1.
    private int find(String key, int end) {
        if (key.isEmpty()) {
            return -1;
        }
        int tag = tag(key);
        for (int i = end - 1; i >= 0; i--) {
            if (hasTag(entries[i], tag)) {
                int at = at(entries[i]);
                if (PacketText.u16(block, at) == key.length() && PacketText.equal(key, block, at + 2)) {
                    return i;
                }
            }
        }
        return -1;
    }
}
