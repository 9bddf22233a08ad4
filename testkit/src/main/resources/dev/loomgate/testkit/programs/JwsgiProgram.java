import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** A JWSGI program that uses each thing that uWSGI's uwsgi.jar has. It is compiled against that. */
public class JwsgiProgram {
    static final List<String> STARTED = new ArrayList<>();

    private final String of = "an instance";

    public static void main(String[] args) {
        STARTED.add("main with " + args.length);
        uwsgi.register_rpc("reverse", new uwsgi.RpcFunction() {
            public String function(String... words) {
                return new StringBuilder(String.join(" ", words)).reverse().toString();
            }
        });
        uwsgi.register_rpc("failing", new uwsgi.RpcFunction() {
            public String function(String... words) {
                throw new IllegalStateException("on purpose");
            }
        });
    }

    public Object[] ofInstance(HashMap<String, Object> environ) {
        return answer(200, of);
    }

    static Object[] answer(Object status, Object body, Object... fields) {
        HashMap<String, Object> headers = new HashMap<>();
        headers.put("Content-Type", "text/plain");
        for (int i = 0; i < fields.length; i += 2) {
            headers.put((String) fields[i], fields[i + 1]);
        }
        return new Object[] {status, headers, body};
    }

    public static Object[] application(HashMap<String, Object> environ) throws Exception {
        uwsgi.RequestBody input = (uwsgi.RequestBody) environ.get("jwsgi.input");
        switch ((String) environ.get("PATH_INFO")) {
            case "/":
                return answer(200, "Hello");
            case "/variables":
                TreeMap<String, Object> shown = new TreeMap<>(environ);
                shown.keySet().removeIf(name -> !name.matches("HTTP_X.*|CONTENT_.*|QUERY_STRING|REQUEST_(METHOD|URI)|PATH_INFO"));
                return answer(200, shown.toString());
            case "/long":
                return answer(404L, "a Long");
            case "/array":
                return answer(200, new String[] {"of ", "strings ", "\u00e9\u20ac"});
            case "/bytes":
                return answer(200, "bytes \u00e9".getBytes(StandardCharsets.UTF_8));
            case "/list":
                return answer(200, Arrays.asList("a ", "b ".getBytes(StandardCharsets.UTF_8), 3, new File("/ x")));
            case "/set":
                return answer(200, new HashSet<>(Set.of("alone")));
            case "/file":
                return answer(200, new File((String) environ.get("HTTP_X_FILE")));
            case "/stream":
                return answer(200, new ByteArrayInputStream(new byte[100_000]));
            case "/none":
                return answer(201, null);
            case "/headers":
                return answer(200, "", "X-One", "1", "X-Two", new String[] {"a", "b"}, "X-Three", Arrays.asList("c", "d", "e"));
            case "/read":
                return answer(200, input.available() + " " + input.read() + " " + input.available() + " " + rest(input));
            case "/read-array":
                byte[] ten = new byte[10];
                int first = input.read(ten);
                String text = new String(ten, 0, Math.max(first, 0), StandardCharsets.UTF_8);
                return answer(200, first + " " + text + " " + input.read(ten) + " " + input.read(ten));
            case "/lines":
                StringBuilder lines = new StringBuilder();
                byte[] line = new byte[6];
                for (int count = input.readLine(line); count >= 0; count = input.readLine(line)) {
                    lines.append(count).append('[').append(new String(line, 0, count, StandardCharsets.UTF_8)).append(']');
                }
                return answer(200, lines.toString());
            case "/seek":
                String all = rest(input);
                input.seek(2);
                return answer(200, all + " " + rest(input) + " " + input.available());
            case "/rpc":
                return answer(200, uwsgi.rpc("", "reverse", "ab", "cd") + " " + uwsgi.rpc(""));
            case "/rpc-none":
                return answer(200, String.valueOf(uwsgi.rpc("", "none", "x")));
            case "/rpc-failing":
                return answer(200, String.valueOf(uwsgi.rpc("", "failing", "x")));
            case "/lock":
                uwsgi.lock();
                uwsgi.lock(1);
                uwsgi.unlock(1);
                uwsgi.unlock();
                return answer(200, "locked");
            case "/started":
                return answer(200, STARTED.toString());
            case "/worker":
                return answer(200, String.valueOf(uwsgi.worker_id()));
            case "/opt":
                return answer(200, String.valueOf(new TreeMap<>(uwsgi.opt)));
            case "/cache":
                uwsgi.cache_set("a", bytes("first"));
                uwsgi.cache_set("a", bytes("second"), 60);
                uwsgi.cache_update("b", bytes("third"));
                uwsgi.cache_update("b", bytes("fourth"), 60);
                uwsgi.cache_set("a", bytes("other"), 60, "names");
                uwsgi.cache_update("a", bytes("another"), 60, "names");
                return answer(200, text(uwsgi.cache_get("a")) + " " + text(uwsgi.cache_get("b")) + " "
                        + text(uwsgi.cache_get("a", "names")) + " " + text(uwsgi.cache_get("none")));
            case "/signal":
                uwsgi.register_signal(1, "", new uwsgi.SignalHandler() {
                    public void function(int signum) {}
                });
                return answer(200, "registered");
            case "/alarm":
                uwsgi.alarm("mail", "help");
                return answer(200, "raised");
            case "/remote":
                return answer(200, uwsgi.rpc("127.0.0.1:1", "reverse", "ab"));
            case "/fails":
                throw new IllegalStateException("on purpose");
            case "/wrong-null":
                return null;
            case "/wrong-length":
                return new Object[] {200, new HashMap<>()};
            case "/wrong-status":
                return answer("200", "");
            case "/wrong-number":
                return answer(20, "");
            case "/wrong-headers":
                return new Object[] {200, "headers", ""};
            case "/wrong-value":
                return answer(200, "", "X-Number", 1);
            case "/wrong-values":
                return answer(200, "", "X-Numbers", Arrays.asList(1));
            case "/wrong-body":
                return answer(200, new Object());
            case "/wrong-file":
                return answer(200, new File("/none/such"));
            default:
                return answer(404, "no " + environ.get("PATH_INFO"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static String rest(InputStream input) throws IOException {
        StringBuilder all = new StringBuilder();
        for (int next = input.read(); next >= 0; next = input.read()) {
            all.append((char) next);
        }
        return all.toString();
    }
}
