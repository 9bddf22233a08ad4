package dev.loomgate.examples;

import dev.loomgate.loop.Loop;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// A resource that answers later: its method starts a task and returns it.
///
/// It could as well wait by itself, since waiting holds only its own microthread:
/// ```java
/// Response get(Request request) throws InterruptedException {
///     Loop.sleep(Duration.ofSeconds(1));
///     return new Response("Hello world!");
/// }
/// ```
public final class AsynchronousResource {
    CompletionStage<Response> get(Request request) {
        return Loop.current().createTask(() -> {
            Loop.sleep(Duration.ofSeconds(1));
            return new Response("Hello world!");
        });
    }
}
