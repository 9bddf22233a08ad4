package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.loomgate.toolkit.resources.Operation.Input;
import dev.loomgate.toolkit.resources.Operation.Source;
import dev.loomgate.toolkit.routing.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OperationsTest {
    record Search(Optional<Integer> page) {}

    record Name(String name) {}

    record Names(List<Name> names) {}

    record Place(long id) {}

    static final class Both {
        List<Name> get(Search search) {
            return List.of();
        }

        void put(Name name) {}

        void patch(Names names) {}

        void delete(Place place) {}
    }

    private static List<Operation> operations(Rule<?>... rules) {
        return WebApplication.of(rules).operations();
    }

    @Test
    void aMethodsInputsAreRecordsFromElsewhereThanThePath() {
        assertThat(operations(Rule.of("/a/<int:id>", Both.class)))
                .extracting(Operation::method, Operation::inputs)
                .containsExactly(
                        tuple("DELETE", List.of()),
                        tuple("GET", List.of(new Input(Search.class, Source.QUERY))),
                        tuple("PATCH", List.of(new Input(Names.class, Source.JSON))),
                        tuple("PUT", List.of(new Input(Name.class, Source.JSON_OR_FORM))));
    }

    @Test
    void anOperationHasItsMethodsTypesAndThePathsVariables() {
        Operation get = operations(Rule.of("/a/<int:id>", Both.class)).get(1);

        assertThat(get.returnType().getTypeName()).isEqualTo("java.util.List<" + Name.class.getName() + ">");
        assertThat(get.declaration())
                .hasToString("java.util.List " + Both.class.getName() + ".get(" + Search.class.getName() + ")");
        assertThat(get.variables()).containsOnlyKeys("id");
        assertThat(get.rule().template()).isEqualTo("/a/{id}");
    }

    @Test
    void aRulesMethodsLimitThem() {
        assertThat(operations(Rule.of("/a/<int:id>", Both.class).withMethods("PUT")))
                .extracting(Operation::method)
                .containsExactly("PUT");
    }

    @Test
    void whatDoesNotReachAnEndpointIsNoOperation() {
        assertThat(operations(
                        Rule.of("/a/<int:id>", Both.class).asBuildOnly(),
                        Rule.of("/b/<int:id>", Both.class).withRedirect("c"),
                        Rule.of("/c/<int:id>", Both.class).asWebsocket()))
                .isEmpty();
    }

    @Test
    void aFunctionIsAnOperation() {
        assertThat(operations(Route.post("/a/{b}/<id>", Name.class, (_, name) -> name.name())))
                .singleElement()
                .satisfies(operation -> {
                    assertThat(operation.method()).isEqualTo("POST");
                    assertThat(operation.returnType()).isEqualTo(Object.class);
                    assertThat(operation.rule().template()).isEqualTo("/a/%7Bb%7D/{id}");
                });
    }

    @Test
    void convertersTellWhatTheirTypesDoNot() {
        String pattern = "/<any(a, b):any>/<int(fixed_digits=3):digits>/<int(signed=True, min=-5):least>/<float:f>/"
                + "<string(minlength=2, maxlength=3):text>/<uuid:uuid>";

        Map<String, Object> schemas = new LinkedHashMap<>();
        operations(Route.get(pattern, _ -> ""))
                .getFirst()
                .variables()
                .forEach((name, converter) -> schemas.put(name, new TreeMap<>(converter.schema())));

        assertThat(schemas)
                .hasToString("{any={enum=[a, b]}, digits={pattern=^[0-9]{3}$, type=string}, least={minimum=-5},"
                        + " f={minimum=0.0}, text={maxLength=3, minLength=2}, uuid={}}");
    }
}
