package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryRecordTest {
    enum Order {
        NEWEST,
        CHEAPEST
    }

    record Search(
            String q,
            int page,
            Optional<Order> order,
            List<String> tag,
            boolean exact,
            @Nullable LocalDate since) {
        Search {
            if (page < 1) {
                throw new IllegalArgumentException("Pages are counted from 1.");
            }
        }
    }

    record Place(long shelf, long book) {}

    static final class Books {
        String get(Search search) {
            return search.toString();
        }
    }

    static final class Both {
        String get(Place place, Search search) {
            return place + " " + search.q();
        }
    }

    private final Client client = Client.of(
            WebApplication.of(Rule.of("/books", Books.class), Rule.of("/<int:shelf>/<int:book>", Both.class)));

    @Test
    void itsComponentsAreTheParametersOfTheirNames() {
        assertThat(client.get("/books?q=t%C3%A9a&page=2&order=newest&tag=a&tag=b&exact=on&since=2026-11-28&more=1")
                        .send()
                        .text())
                .isEqualTo(
                        "Search[q=t\u00e9a, page=2, order=Optional[NEWEST], tag=[a, b], exact=true, since=2026-11-28]");
        assertThat(client.get("/books?q=&page=1").send().text())
                .isEqualTo("Search[q=, page=1, order=Optional.empty, tag=[], exact=false, since=null]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            page=1 | The query has no value for "q".
            q=a | The query has no value for "page".
            q=a&page=abc | The value for "page" must be a whole number from -2147483648 to 2147483647, not "abc".
            q=a&page=1.5 | The value for "page" must be a whole number from -2147483648 to 2147483647, not "1.5".
            q=a&page=99999999999 | The value for "page" must be a whole number from -2147483648 to 2147483647, not "99999999999".
            q=a&page=%D9%A1 | The value for "page" must be a whole number from -2147483648 to 2147483647, not "١".
            q=a&page=0 | Pages are counted from 1.
            q=a&page=1&order=dear | The value for "order" must be one of NEWEST, CHEAPEST, not "dear".
            q=a&page=1&since=tomorrow | The value for "since" must be a date such as 2026-02-28, not "tomorrow".
            q=a&page=1&exact=perhaps | The value for "exact" must be true or false, not "perhaps".
            """)
    void whatDoesNotFitIsABadRequestThatNamesIt(String query, String detail) {
        TestResponse response = client.get("/books?" + query)
                .header("Accept", "application/json")
                .send();

        assertThat(response.code()).isEqualTo(400);
        assertThat(response.json(Object.class)).extracting("detail").isEqualTo(detail);
    }

    @Test
    void oneOfThePathMayStandBesideIt() {
        assertThat(client.get("/3/4?q=tea&page=1").send().text()).isEqualTo("Place[shelf=3, book=4] tea");
    }

    @Test
    void aRuleWithSomeOfItsComponentsStopsTheStart() {
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/<int:page>", Books.class)))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("Books.get takes a record of which rule /<int:page> has some components")
                .hasMessageContaining("not <q>: it has all of them, or none of a record from the query");
    }
}
