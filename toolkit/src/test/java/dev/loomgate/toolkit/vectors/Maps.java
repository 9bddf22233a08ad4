package dev.loomgate.toolkit.vectors;

import dev.loomgate.toolkit.routing.EndpointPrefix;
import dev.loomgate.toolkit.routing.FixedBinding;
import dev.loomgate.toolkit.routing.MapAdapter;
import dev.loomgate.toolkit.routing.Outcome;
import dev.loomgate.toolkit.routing.PathArguments;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.RuleFactory;
import dev.loomgate.toolkit.routing.Subdomain;
import dev.loomgate.toolkit.routing.Submount;
import dev.loomgate.toolkit.routing.UrlMap;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The recorded maps in Java, and outcomes as they are recorded.
final class Maps {
    private Maps() {}

    /// A map of rules and factories.
    static UrlMap<String> ofFactories(JsonNode specs) {
        UrlMap.Builder<String> builder = UrlMap.builder();
        specs.forEach(spec -> builder.add(factory(spec)));
        return builder.build();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static RuleFactory<String> factory(JsonNode spec) {
        List<RuleFactory<String>> rules = new ArrayList<>();
        spec.path("rules").forEach(rule -> rules.add(factory(rule)));
        RuleFactory<String>[] inner = rules.toArray(new RuleFactory[0]);
        return spec.has("submount")
                ? Submount.of(spec.get("submount").asString(), inner)
                : spec.has("subdomain_of")
                        ? Subdomain.of(spec.get("subdomain_of").asString(), inner)
                        : spec.has("endpoint_prefix")
                                ? EndpointPrefix.of(spec.get("endpoint_prefix").asString(), inner)
                                : rule(spec);
    }

    static UrlMap<String> of(JsonNode spec) {
        UrlMap.Builder<String> builder = UrlMap.builder();
        spec.path("options").propertyStream().forEach(option -> set(builder, option.getKey(), option.getValue()));
        for (JsonNode rule : spec.get("rules")) {
            builder.add(rule(rule));
        }
        return builder.build();
    }

    private static void set(UrlMap.Builder<String> builder, String name, JsonNode value) {
        switch (name) {
            case "strict_slashes" -> builder.strictSlashes(value.asBoolean());
            case "merge_slashes" -> builder.mergeSlashes(value.asBoolean());
            case "redirect_defaults" -> builder.redirectDefaults(value.asBoolean());
            case "host_matching" -> builder.hostMatching(value.asBoolean());
            case "default_subdomain" -> builder.defaultSubdomain(value.asString());
            default -> throw new IllegalArgumentException(name);
        }
    }

    private static Rule<String> rule(JsonNode spec) {
        Rule<String> rule =
                Rule.of(spec.get("rule").asString(), spec.get("endpoint").asString());
        for (Map.Entry<String, JsonNode> option : spec.properties()) {
            JsonNode value = option.getValue();
            rule = switch (option.getKey()) {
                case "rule", "endpoint" -> rule;
                case "methods" -> rule.withMethods(texts(value).toArray(String[]::new));
                case "defaults" -> rule.withDefaults(values(value));
                case "subdomain" -> rule.withSubdomain(value.asString());
                case "host" -> rule.withHost(value.asString());
                case "strict_slashes" -> rule.withStrictSlashes(value.asBoolean());
                case "merge_slashes" -> rule.withMergeSlashes(value.asBoolean());
                case "build_only" -> rule.asBuildOnly();
                case "alias" -> rule.asAlias();
                case "redirect_to" -> rule.withRedirect(value.asString());
                case "websocket" -> rule.asWebsocket();
                default -> throw new IllegalArgumentException(option.getKey());
            };
        }
        return rule;
    }

    static FixedBinding binding(JsonNode spec) {
        FixedBinding binding = FixedBinding.to(spec.get("server_name").asString());
        for (Map.Entry<String, JsonNode> option : spec.properties()) {
            String value = option.getValue().asString();
            binding = switch (option.getKey()) {
                case "server_name" -> binding;
                case "script_name" -> binding.withScriptName(value);
                case "subdomain" -> binding.withSubdomain(value);
                case "url_scheme" -> binding.withScheme(value);
                case "query_args" -> binding.withQueryString(value);
                case "default_method" -> binding.withMethod(value);
                default -> throw new IllegalArgumentException(option.getKey());
            };
        }
        return binding;
    }

    static MapAdapter<String> bound(JsonNode question) {
        return of(question.get("map")).bind(binding(question.get("bind")));
    }

    /// The recorded values in Java, without their tags.
    static Map<String, Object> values(JsonNode tagged) {
        Map<String, Object> values = new LinkedHashMap<>();
        tagged.propertyStream().forEach(value -> values.put(value.getKey(), value(value.getValue())));
        return values;
    }

    private static Object value(JsonNode value) {
        if (!value.isObject()) {
            return value.isNumber() ? (Object) value.asLong() : value.asString();
        }
        Map.Entry<String, JsonNode> tagged = value.properties().iterator().next();
        JsonNode content = tagged.getValue();
        return switch (tagged.getKey()) {
            case "uuid" -> UUID.fromString(content.asString());
            case "int" -> whole(new BigInteger(content.asString()));
            case "float" -> Double.parseDouble(content.asString());
            case "bool" -> content.asBoolean();
            case "list" -> texts(content);
            default -> content.asString();
        };
    }

    private static Number whole(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
    }

    static ObjectNode answer(Outcome<String> outcome) {
        ObjectNode answer = Vectors.JSON.createObjectNode();
        switch (outcome) {
            case Outcome.Found<String>(var match) -> {
                answer.put("found", match.endpoint());
                answer.set("args", arguments(match.arguments()));
            }
            case Outcome.Redirect<String>(String url) -> answer.put("redirect", url);
            case Outcome.WrongMethod<String>(var allowed) -> answer.set("methods", Vectors.JSON.valueToTree(allowed));
            case Outcome.WebsocketMismatch<String> _ -> answer.put("websocket", true);
            case Outcome.Missing<String> _ -> answer.put("missing", true);
        }
        return answer;
    }

    private static ObjectNode arguments(PathArguments arguments) {
        ObjectNode tagged = Vectors.JSON.createObjectNode();
        arguments.forEach((name, value) -> {
            ObjectNode tag = tagged.putObject(name);
            switch (value) {
                case Long number -> tag.put("int", number.toString());
                case Double number -> tag.put("float", number.toString());
                case UUID uuid -> tag.put("uuid", uuid.toString());
                case Boolean flag -> tag.put("bool", flag);
                default -> tag.put("str", value.toString());
            }
        });
        return tagged;
    }

    private static List<@Nullable String> texts(JsonNode array) {
        List<@Nullable String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.isNull() ? null : text.asString()));
        return texts;
    }
}
