package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.WebSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Methods of a resource class that look as if they answered requests, and don't. They are found at the start,
/// since their requests would only be answered with 405, and a `before` that is never called guards nothing.
///
/// | a method that isn't private | |
/// |---|---|
/// | static `post` | refused |
/// | `GET`, `Post`, `webSocket` | refused |
/// | `pst`, `posst`, `psot`: a letter is missing, doubled, or two are swapped | refused |
/// | `getAll`, in a class without `get` | a line of the log: it may be a helper |
///
/// Other slips, such as `pist`, are left alone: many helpers' names are that near to one of these, `read` and
/// `host` among them.
final class Misnamed {
    private static final Logger LOG = System.getLogger("dev.loomgate.toolkit");

    private static final String WEB_SOCKET = "websocket";

    /// Slips that are words of their own.
    private static final Set<String> WORDS = Set.of("path", "pos", "pot", "option");

    private static final int SHORT = 3;

    private final Set<String> methods;
    private final Set<String> names;
    private final Map<String, String> slips = new TreeMap<>();

    /// @param methods those of HTTP, in lower case
    /// @param others names of further methods that are called
    Misnamed(Set<String> methods, Set<String> others) {
        this.methods = methods;
        List<String> all = new ArrayList<>(methods);
        all.addAll(others);
        names = Set.copyOf(all);
        names.forEach(name -> slips(name).forEach(slip -> slips.put(slip, name)));
        slips.keySet().removeAll(WORDS);
    }

    /// @throws ResourceError if a method of the class is meant to answer requests, and can't
    void refuse(Class<?> type) {
        for (Method method : visible(type)) {
            String name = method.getName();
            if (names.contains(name)) {
                if (Modifier.isStatic(method.getModifiers()) && isCalled(name, method)) {
                    throw new ResourceError(
                            ("resource %s: its method %s is static, so it answers no request: make it an"
                                            + " instance's, or private, or rename it")
                                    .formatted(type.getName(), name));
                }
            } else {
                String meant = meant(name);
                if (meant != null && !Modifier.isStatic(method.getModifiers()) && isCalled(meant, method)) {
                    throw new ResourceError(
                            ("resource %s: its method %s answers no request: rename it to %s, or make it"
                                            + " private if that isn't meant")
                                    .formatted(type.getName(), name, meant));
                }
            }
        }
    }

    /// Says which methods may be meant to answer requests.
    ///
    /// @param answered the HTTP methods that the class has methods for, in upper case
    void warn(Class<?> type, Set<String> answered) {
        for (Method method : visible(type)) {
            String name = method.getName();
            methods.stream()
                    .filter(http -> isLonger(name, http) && !answered.contains(http.toUpperCase(Locale.ROOT)))
                    .filter(_ -> !Modifier.isStatic(method.getModifiers()))
                    .forEach(http -> LOG.log(
                            Level.WARNING,
                            () ->
                                    ("resource %s: its method %s answers no request, and there is no method %s: rename it,"
                                                    + " or make it private if it is a helper")
                                            .formatted(type.getName(), name, http)));
        }
    }

    private @Nullable String meant(String name) {
        String slip = slips.get(name);
        return slip != null
                ? slip
                : names.stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
    }

    // A method `websocket` is the application's own if it takes no socket.
    private static boolean isCalled(String name, Method method) {
        return !name.equals(WEB_SOCKET) || List.of(method.getParameterTypes()).contains(WebSocket.class);
    }

    private static boolean isLonger(String name, String http) {
        return name.length() > http.length()
                && name.startsWith(http)
                && Character.isUpperCase(name.charAt(http.length()));
    }

    private static List<String> slips(String name) {
        List<String> slips = new ArrayList<>();
        for (int i = 1; i < name.length(); i++) {
            String start = name.substring(0, i);
            String end = name.substring(i + 1);
            if (name.length() > SHORT) {
                slips.add(start + end);
            }
            slips.add(start + name.charAt(i) + name.charAt(i) + end);
            slips.add(name.substring(0, i - 1) + name.charAt(i) + name.charAt(i - 1) + end);
        }
        return slips;
    }

    private static List<Method> visible(Class<?> type) {
        List<Method> visible = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            Arrays.stream(c.getDeclaredMethods())
                    .filter(method -> !method.isSynthetic() && !Modifier.isPrivate(method.getModifiers()))
                    .forEach(visible::add);
        }
        return visible;
    }
}
