import dev.loomgate.examples.ArticleApplication;
import dev.loomgate.gateway.Application;
import dev.loomgate.loop.Loop;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The article's program with resources that fail: one at once, one in a task. */
public class FailingArticle {
    public static class FailingResource {
        Response get(Request request) {
            throw new IllegalStateException("at once");
        }
    }

    public static class LaterFailingResource {
        CompletionStage<Response> get(Request request) {
            return Loop.current().createTask(() -> {
                Loop.sleep(Duration.ZERO);
                throw new IllegalStateException("later");
            });
        }
    }

    private static final Application ARTICLE = new ArticleApplication();
    private static final Application FAILING = WebApplication.of(
            Rule.of("/fails", FailingResource.class), Rule.of("/fails-later", LaterFailingResource.class));

    public static final Application application = (environ, startResponse) ->
            (environ.path().startsWith("/fails") ? FAILING : ARTICLE).call(environ, startResponse);
}
