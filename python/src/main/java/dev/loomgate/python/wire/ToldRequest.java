package dev.loomgate.python.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A request of HTTP as a worker tells of it, or the beginning of that.
///
/// ```
///  client SP port SP server SP port SP id LF       "-" for what there isn't
///  method SP target SP HTTP/1.1 CRLF
///  name: value CRLF ...                            as the client has sent it
/// ```
/// What a worker tells of a uwsgi request begins with a zero, which no such line does.
public final class ToldRequest {
    private static final String NONE = "-";
    private static final List<String> ENDS =
            List.of("REMOTE_ADDR", "REMOTE_PORT", "SERVER_ADDR", "SERVER_PORT", PacketHead.REQUEST_ID);
    private static final List<String> LINE = List.of("REQUEST_METHOD", "REQUEST_URI", "SERVER_PROTOCOL");
    private static final Set<String> OWN_VARIABLES = Set.of("CONTENT_TYPE", "CONTENT_LENGTH");

    private ToldRequest() {}

    /// Whether these bytes are one, and no uwsgi packet.
    static boolean is(byte[] told) {
        return told.length > 0 && told[0] != 0;
    }

    /// The request, without the worker's line.
    public static byte[] asItCame(byte[] told) {
        int end = 0;
        while (end < told.length && told[end] != '\n') {
            end++;
        }
        return Arrays.copyOfRange(told, Math.min(end + 1, told.length), told.length);
    }

    /// The variables that stand for its parts and have one of these names, as far as it is there: the last line may be
    /// cut off. Of repeated fields the first.
    static Map<String, String> variables(byte[] told, Set<String> wanted) {
        Map<String, String> found = new HashMap<>();
        List<String> lines =
                new String(told, StandardCharsets.ISO_8859_1).lines().toList();
        for (int i = 0; i < lines.size() && !lines.get(i).isEmpty(); i++) {
            if (i < 2) {
                putWords(lines.get(i), i == 0 ? ENDS : LINE, wanted, found);
            } else {
                putField(lines.get(i), wanted, found);
            }
        }
        return found;
    }

    private static void putWords(String line, List<String> names, Set<String> wanted, Map<String, String> found) {
        String[] words = line.split(" ", -1);
        for (int i = 0; i < Math.min(words.length, names.size()); i++) {
            if (wanted.contains(names.get(i)) && !words[i].equals(NONE)) {
                found.put(names.get(i), words[i]);
            }
        }
    }

    private static void putField(String line, Set<String> wanted, Map<String, String> found) {
        int colon = line.indexOf(':');
        if (colon > 0) {
            String name = line.substring(0, colon).toUpperCase(Locale.ROOT).replace('-', '_');
            String key = OWN_VARIABLES.contains(name) ? name : "HTTP_" + name;
            if (wanted.contains(key)) {
                found.putIfAbsent(key, line.substring(colon + 1).strip());
            }
        }
    }
}
