import dev.loomgate.examples.ArticleApplication;
import dev.loomgate.gateway.Application;
import dev.loomgate.loop.Loop;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The article's program with a resource whose task fails: `failing_on_311.py` in Java. */
public class FailingArticle {
    public static class FailingResource {
        CompletionStage<Response> get(Request request) {
            return Loop.current().createTask(() -> {
                Loop.sleep(Duration.ofMillis(10));
                throw new IllegalStateException("no such luck");
            });
        }
    }

    private static final Application ARTICLE = new ArticleApplication();
    private static final Application FAILING = WebApplication.of(Rule.of("/fail", FailingResource.class));

    public static final Application application = (environ, startResponse) ->
            (environ.path().equals("/fail") ? FAILING : ARTICLE).call(environ, startResponse);
}
