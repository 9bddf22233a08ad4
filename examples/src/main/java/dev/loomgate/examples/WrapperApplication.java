package dev.loomgate.examples;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Microthread;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Waits for an asynchronous resource as the article does it, by another microthread and a future. `Loop.await(coro)`
/// is all of this in one call.
public final class WrapperApplication implements Application {
    private static void wrapper(Microthread me, CompletableFuture<Response> future, CompletionStage<Response> coro) {
        try {
            Response resp = Loop.await(coro);
            future.complete(resp);
        } catch (Exception e) {
            future.completeExceptionally(e);
        } finally {
            me.resume();
        }
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        Request request = new Request(environ);
        CompletionStage<Response> coro = new AsynchronousResource().get(request);

        Microthread myself = Microthread.current();
        CompletableFuture<Response> future = new CompletableFuture<>();
        Loop.current().start(request, () -> wrapper(myself, future, coro));
        Microthread.suspend();
        Response resp = future.get();
        return resp.call(environ, startResponse);
    }
}
