package dev.loomgate.bench.arena;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.HttpVersion;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// What [MicronautEntry] answers.
@Controller
class MicronautArena {
    private final Dataset dataset;

    MicronautArena(Dataset dataset) {
        this.dataset = dataset;
    }

    @Get("/baseline11")
    @Produces(MediaType.TEXT_PLAIN)
    String sum(@QueryValue int a, @QueryValue int b) {
        return Integer.toString(a + b);
    }

    @Post("/baseline11")
    @Consumes(MediaType.ALL)
    @Produces(MediaType.TEXT_PLAIN)
    String sum(@QueryValue int a, @QueryValue int b, @Body String body) {
        return Integer.toString(a + b + Integer.parseInt(body));
    }

    /// Micronaut speaks HTTP/1.1 wherever it speaks HTTP/2; this is asked over HTTP/2 alone.
    @Get("/baseline2")
    @Produces(MediaType.TEXT_PLAIN)
    HttpResponse<String> http2(HttpRequest<?> request, @QueryValue int a, @QueryValue int b) {
        return request.getHttpVersion() == HttpVersion.HTTP_2_0
                ? HttpResponse.ok(Integer.toString(a + b))
                : HttpResponse.status(HttpStatus.HTTP_VERSION_NOT_SUPPORTED);
    }

    @Get("/pipeline")
    @Produces(MediaType.TEXT_PLAIN)
    String pipeline() {
        return "ok";
    }

    @Get("/json/{count}")
    Items json(int count, @QueryValue int m) {
        return dataset.first(count, m);
    }

    @Post("/upload")
    @Consumes(MediaType.ALL)
    @Produces(MediaType.TEXT_PLAIN)
    @ExecuteOn(TaskExecutors.BLOCKING)
    String upload(@Body InputStream body) throws IOException {
        return Long.toString(body.transferTo(OutputStream.nullOutputStream()));
    }
}
