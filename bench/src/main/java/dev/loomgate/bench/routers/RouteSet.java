package dev.loomgate.bench.routers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Rules like those of a large REST interface, and requests for them; the same in every run.
///
/// ```
/// /repos/issues                             a fifth of the rules each
/// /repos/issues/<int:id>
/// /repos/<name>/issues
/// /repos/<owner>/<name>/issues
/// /repos/<owner>/<name>/issues/<int:id>
/// ```
/// A larger set has more areas (`repos`) and more nouns (`issues`), not deeper rules.
///
/// @param rules in Werkzeug's syntax
/// @param hits paths that match: as many for each rule, with values of their own, in an order that nobody can guess
/// @param misses paths that no rule matches, however it treats `<int:id>`: an unknown area, an unknown noun, or
/// too many segments
public record RouteSet(List<String> rules, List<String> hits, List<String> misses) {
    /// How many paths each set has, so that sets differ in their rules alone.
    private static final int REQUESTS = 2_000;

    private static final List<String> AREAS = List.of(
            "repos", "users", "orgs", "teams", "projects", "gists", "apps", "search", "enterprises", "packages");
    private static final List<String> NOUNS = List.of(
            "issues",
            "pulls",
            "commits",
            "branches",
            "tags",
            "releases",
            "labels",
            "milestones",
            "comments",
            "events",
            "hooks",
            "keys",
            "forks",
            "stargazers",
            "subscribers",
            "deployments",
            "environments",
            "contributors",
            "collaborators",
            "invitations");
    private static final List<String> SHAPES =
            List.of("/A/N", "/A/N/<int:id>", "/A/<name>/N", "/A/<owner>/<name>/N", "/A/<owner>/<name>/N/<int:id>");

    /// The set of 10, 100 or 1,000 rules.
    ///
    /// @throws IllegalArgumentException for any other number
    public static RouteSet of(int size) {
        return switch (size) {
            case 10 -> of(1, 2);
            case 100 -> of(4, 5);
            case 1_000 -> of(10, 20);
            default -> throw new IllegalArgumentException("no set of " + size + " rules");
        };
    }

    private static RouteSet of(int areas, int nouns) {
        List<String> rules = new ArrayList<>();
        for (String area : AREAS.subList(0, areas)) {
            for (String noun : NOUNS.subList(0, nouns)) {
                for (String shape : SHAPES) {
                    rules.add(shape.replace("A", area).replace("N", noun));
                }
            }
        }
        Random random = new Random(rules.size());
        List<String> hits = new ArrayList<>();
        List<String> misses = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            String rule = rules.get(i % rules.size());
            hits.add(filled(rule, random));
            misses.add(missing(filled(rule, random), random.nextInt(3)));
        }
        Collections.shuffle(hits, random);
        Collections.shuffle(misses, random);
        return new RouteSet(List.copyOf(rules), List.copyOf(hits), List.copyOf(misses));
    }

    private static String filled(String rule, Random random) {
        return rule.replace("<int:id>", Integer.toString(1 + random.nextInt(99_999)))
                .replace("<owner>", word(random))
                .replace("<name>", word(random));
    }

    // With a capital, so that it is no noun.
    private static String word(Random random) {
        StringBuilder word = new StringBuilder().append((char) ('A' + random.nextInt(26)));
        for (int more = 3 + random.nextInt(8); more > 0; more--) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }

    private static String missing(String path, int kind) {
        return switch (kind) {
            case 0 -> path.replaceFirst("/", "/un");
            case 1 -> path.replaceFirst("([a-z])(/\\d+)?$", "$1x$2");
            default -> path + "/and/more";
        };
    }
}
