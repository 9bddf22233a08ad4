package dev.loomgate.toolkit.routes;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The conditions by their names.
final class Conditions {
    private Conditions() {}

    /// A regular expression that is looked for in a text of the request.
    ///
    /// @throws IllegalArgumentException if it isn't one
    static Condition matching(Function<Trip, String> subject, String expression) {
        Pattern pattern = pattern(expression);
        return trip -> {
            Matcher matcher = pattern.matcher(subject.apply(trip));
            if (!matcher.find()) {
                return false;
            }
            List<String> groups = new ArrayList<>();
            for (int i = 0; i <= matcher.groupCount(); i++) {
                groups.add(matcher.group(i) == null ? "" : matcher.group(i));
            }
            trip.groups(groups);
            return true;
        };
    }

    private static Pattern pattern(String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'%s' is no regular expression: %s".formatted(expression, e.getDescription()), e);
        }
    }

    /// Reads `name:ARGUMENTS`.
    ///
    /// @throws IllegalArgumentException if it is no condition
    static Condition parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'%s' is no condition: name:ARGUMENT".formatted(text));
        }
        String name = text.substring(0, colon);
        String argument = text.substring(colon + 1);
        return switch (name) {
            case "exists" -> file(argument, Files::exists);
            case "isfile" -> file(argument, Files::isRegularFile);
            case "isdir" -> file(argument, Files::isDirectory);
            case "islink" -> file(argument, Files::isSymbolicLink);
            case "isexec" -> file(argument, Files::isExecutable);
            case "empty" -> one(argument, String::isEmpty);
            case "equal", "isequal", "eq", "==" -> two(name, argument, String::equals);
            case "startswith" -> two(name, argument, String::startsWith);
            case "endswith" -> two(name, argument, String::endsWith);
            case "contains", "contain" -> two(name, argument, String::contains);
            case "ishigher", ">" -> numbers(name, argument, (a, b) -> a > b);
            case "ishigherequal", ">=" -> numbers(name, argument, (a, b) -> a >= b);
            case "islower", "<" -> numbers(name, argument, (a, b) -> a < b);
            case "islowerequal", "<=" -> numbers(name, argument, (a, b) -> a <= b);
            case "ipv4in", "ipv6in" -> two(name, argument, Conditions::isIn);
            case "regexp", "re" -> regexp(name, argument);
            default -> throw new IllegalArgumentException("there is no condition '%s'".formatted(name));
        };
    }

    private static Condition one(String argument, Predicate<String> test) {
        Template template = Template.of(argument);
        return trip -> test.test(template.fill(trip));
    }

    private static Condition file(String argument, Predicate<Path> test) {
        return one(argument, text -> {
            try {
                return text.indexOf(0) < 0 && test.test(Path.of(text));
            } catch (InvalidPathException e) {
                return false;
            }
        });
    }

    private static Condition two(String name, String arguments, BiPredicate<String, String> test) {
        int semicolon = semicolon(name, arguments);
        Template first = Template.of(arguments.substring(0, semicolon));
        Template second = Template.of(arguments.substring(semicolon + 1));
        return trip -> test.test(first.fill(trip), second.fill(trip));
    }

    private static Condition numbers(String name, String arguments, BiPredicate<Long, Long> test) {
        return two(name, arguments, (a, b) -> test.test(Numbers.leading(a), Numbers.leading(b)));
    }

    private static Condition regexp(String name, String arguments) {
        int semicolon = semicolon(name, arguments);
        Template subject = Template.of(arguments.substring(0, semicolon));
        return matching(subject::fill, arguments.substring(semicolon + 1));
    }

    private static int semicolon(String name, String arguments) {
        int semicolon = arguments.indexOf(';');
        if (semicolon < 0) {
            throw new IllegalArgumentException("the condition '%s' takes two values: %s:A;B".formatted(name, name));
        }
        return semicolon;
    }

    private static boolean isIn(String address, String network) {
        int slash = network.indexOf('/');
        byte[] one = bytes(address);
        byte[] other = bytes(slash < 0 ? network : network.substring(0, slash));
        long bits = slash < 0 ? 8L * other.length : Numbers.leading(network.substring(slash + 1));
        if (one.length == 0 || one.length != other.length || bits < 0 || bits > 8L * one.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int bit = 0x80 >> (i % 8);
            if ((one[i / 8] & bit) != (other[i / 8] & bit)) {
                return false;
            }
        }
        return true;
    }

    /// Of an address in digits; a name is never asked for.
    private static byte[] bytes(String address) {
        try {
            return address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")
                    ? InetAddress.getByName(address).getAddress()
                    : new byte[0];
        } catch (UnknownHostException e) {
            return new byte[0];
        }
    }
}
