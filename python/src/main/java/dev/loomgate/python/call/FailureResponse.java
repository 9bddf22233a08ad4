package dev.loomgate.python.call;

import dev.loomgate.gateway.ApplicationUnavailable;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.python.PythonException;
import java.io.IOException;

/// What becomes of a request that the program hasn't answered, or not to the end: a response that says why, as long as
/// nothing has been sent, or the exception that a broken-off response ends with.
final class FailureResponse {
    /// What nginx logs for it. Hardly anybody reads the answer: one who has only ended his side of the connection.
    private static final int CLIENT_CLOSED_REQUEST = 499;

    private FailureResponse() {}

    /// Answers where nothing has been sent.
    ///
    /// @throws Exception if it is the server that is to answer
    static Body start(Reply reply, StartResponse startResponse) throws Exception {
        return switch (reply) {
            case Reply.Cancelled cancelled ->
                start(startResponse, CLIENT_CLOSED_REQUEST, "The client disconnected before the response.", reply);
            case Reply.Lost lost -> start(startResponse, 502, "The worker process died: it " + lost.how() + ".", reply);
            case Reply.Withdrawn withdrawn -> start(startResponse, 504, "The request was cancelled.", reply);
            case Reply.Overtime overtime ->
                start(startResponse, 504, "The application did not respond within its own time limit.", reply);
            case Reply other -> throw exception(other);
        };
    }

    // With a cause, since a head may have been given already.
    private static Body start(StartResponse startResponse, int code, String text, Reply why) throws Exception {
        startResponse.start(Status.of(code), Headers.of("Content-Type", "text/plain; charset=utf-8"), exception(why));
        return Body.text(text + "\n");
    }

    /// What a response is broken off by.
    static Exception exception(Reply reply) {
        return switch (reply) {
            case Reply.Failed failed -> new PythonException(failed.traceback());
            case Reply.Cancelled cancelled -> new ClientGone("the request was cancelled");
            case Reply.Lost lost -> new IOException("the worker process died: it " + lost.how());
            case Reply.Withdrawn withdrawn -> new IOException("an operator has cancelled the request");
            case Reply.Overtime overtime -> new IOException("the application's own time limit is over");
            case Reply.Unavailable unavailable -> new ApplicationUnavailable(unavailable.why());
            case Reply.Response response -> new IllegalStateException("a response out of its turn");
            case Reply.LogVariables variables -> new IllegalStateException("log variables are not an answer");
            case Reply.EarlyHints hints -> new IllegalStateException("early hints are not an answer");
            case Reply.Trailers trailers -> new IllegalStateException("trailers are not an answer");
            case Reply.Borrow borrow -> new IllegalStateException("a connection is no answer");
            case Reply.GivenBack back -> new IllegalStateException("a connection is no answer");
            case Reply.Chunk chunk -> new IllegalStateException("a chunk out of its turn");
            case Reply.File file -> new IllegalStateException("a file out of its turn");
        };
    }
}
