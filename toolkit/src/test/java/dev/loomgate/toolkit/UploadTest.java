package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.ClientDisconnected;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.RequestEntityTooLarge;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadTest {
    private static final String HEAD = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
    private static final String FILE = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n";

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Request request(InputStream body, Limits limits) {
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "POST");
        environ.put("CONTENT_TYPE", "multipart/form-data; boundary=b");
        environ.put("wsgi.input", body);
        environ.put("wsgi.input_terminated", true);
        return new Request(environ, limits);
    }

    private static Request request(String body) {
        return request(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), Limits.DEFAULT);
    }

    private static Request request(byte[] file, Limits limits) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(FILE.getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(file);
        body.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        return request(new ByteArrayInputStream(body.toByteArray()), limits);
    }

    /// The file descriptors of uploads that this process has open.
    private static List<Path> open() throws IOException {
        List<Path> open = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).toString().contains("loomgate-upload-")) {
                    open.add(descriptor);
                }
            }
        }
        return open;
    }

    @Test
    void aFormWithFilesArrivesAsTheClientSentIt() {
        WebApplication application = WebApplication.of(Rule.of("/upload", Upload.class));
        byte[] photo = random(700_000);

        String answer = Client.of(application)
                .post("/upload")
                .field("title", "Käse & Brot")
                .file("photo", "../\"x\" y.jpg", "image/JPEG", photo)
                .send()
                .text();

        assertThat(answer)
                .isEqualTo("Käse & Brot|photo|../\"x\" y.jpg|x_y.jpg|image/jpeg|700000|" + Arrays.hashCode(photo));
    }

    static final class Upload {
        Response post(Request request) throws IOException {
            UploadedFile file = request.files().required("photo");
            return new Response("%s|%s|%s|%s|%s|%d|%d"
                    .formatted(
                            request.form().required("title"),
                            file.name(),
                            file.filename(),
                            file.safeFilename(),
                            file.mimetype(),
                            file.size(),
                            Arrays.hashCode(file.bytes())));
        }
    }

    @Test
    void aLargeFileIsOnDiskForItsOwnerOnlyAndWithoutAName(@TempDir Path directory) throws IOException {
        Spool spool = new Spool(directory, 1000);
        spool.begin();
        spool.write(random(1001), 0, 1001);
        spool.end();

        assertThat(open()).singleElement().satisfies(descriptor -> {
            assertThat(Files.readSymbolicLink(descriptor).toString()).endsWith("(deleted)");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(descriptor)))
                    .isEqualTo("rw-------");
        });
        assertThat(directory).isEmptyDirectory();

        spool.close();
        assertThat(open()).isEmpty();
    }

    @Test
    void filesShareTheMemoryThatTheyMayTakeAndThenOneFile() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            body.append(FILE).append(("" + i).repeat(300)).append("\r\n");
        }
        byte[] bytes = body.append("--b--").toString().getBytes(StandardCharsets.US_ASCII);
        try (Request request = request(new ByteArrayInputStream(bytes), Limits.DEFAULT.withFileMemoryBytes(1000))) {
            List<UploadedFile> files = request.files().all("f");

            assertThat(open()).hasSize(1);
            for (int i = 0; i < 10; i++) {
                assertThat(files.get(i).size()).isEqualTo(300);
                assertThat(new String(files.get(i).bytes(), StandardCharsets.US_ASCII))
                        .isEqualTo(("" + i).repeat(300));
            }
        }
        assertThat(open()).isEmpty();
    }

    @Test
    void aFileCanBeSavedAndReadMoreThanOnce(@TempDir Path directory) throws IOException {
        byte[] content = random(200_000);
        for (long memory : new long[] {0, 1_000_000}) {
            try (Request request = request(content, Limits.DEFAULT.withFileMemoryBytes(memory))) {
                UploadedFile file = request.files().required("f");
                Path saved = directory.resolve("saved");
                file.saveTo(saved);
                ByteArrayOutputStream copy = new ByteArrayOutputStream();
                file.transferTo(copy);

                assertThat(saved).hasBinaryContent(content);
                assertThat(copy.toByteArray()).isEqualTo(content);
                assertThat(file.bytes()).isEqualTo(content);
                try (InputStream input = file.stream()) {
                    input.skipNBytes(199_999);
                    assertThat(input.available()).isEqualTo(1);
                    assertThat(input.read()).isEqualTo(content[199_999] & 0xff);
                    assertThat(input.read()).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void whatWasOnDiskIsGoneAfterTheRequest() throws IOException {
        Request request = request(random(600_000), Limits.DEFAULT);
        UploadedFile file = request.files().required("f");
        request.close();
        request.close();

        assertThatThrownBy(file::bytes).isInstanceOf(ClosedChannelException.class);
        assertThat(open()).isEmpty();
    }

    @Test
    void filesAreDeletedAfterTheResponseHasBeenSentAndOnEveryFailure() throws IOException {
        Client client = Client.of(WebApplication.of(
                Rule.of("/echo", Echo.class), Rule.of("/fail", Failing.class), Rule.of("/refuse", Refusing.class)));
        byte[] content = random(900_000);

        assertThat(client.post("/echo").file("f", "f", "x/y", content).send().body())
                .isEqualTo(content);
        assertThat(open()).isEmpty();
        assertThatThrownBy(() ->
                        client.post("/fail").file("f", "f", "x/y", content).send())
                .isInstanceOf(IOException.class);
        assertThat(open()).isEmpty();
        assertThat(client.post("/refuse").file("f", "f", "x/y", content).send().code())
                .isEqualTo(409);
        assertThat(open()).isEmpty();
    }

    static final class Echo {
        Response post(Request request) {
            UploadedFile file = request.files().required("f");
            return Response.stream("x/y", writer -> file.transferTo(writer.asOutputStream()));
        }
    }

    static final class Failing {
        Response post(Request request) throws IOException {
            if (request.files().required("f").size() > 0) {
                throw new IOException("the disk is full");
            }
            return Response.empty();
        }
    }

    static final class Refusing {
        Response post(Request request) {
            if (request.files().required("f").size() > 0) {
                throw HttpException.of(409);
            }
            return Response.empty();
        }
    }

    private static final class Gone extends InputStream {
        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            throw new ClientGone("gone");
        }
    }

    @Test
    void filesAreDeletedIfTheFormIsMalformedTooLargeOrCutOff() throws IOException {
        byte[] content = random(900_000);
        byte[] cut = (FILE + "x".repeat(900_000)).getBytes(StandardCharsets.US_ASCII);
        InputStream gone = new SequenceInputStream(new ByteArrayInputStream(cut), new Gone());

        assertThatThrownBy(() ->
                        request(content, Limits.DEFAULT.withBodyBytes(800_000)).files())
                .isInstanceOf(RequestEntityTooLarge.class);
        assertThatThrownBy(() ->
                        request(new ByteArrayInputStream(cut), Limits.DEFAULT).files())
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("ends before its last boundary");
        assertThatThrownBy(() -> request(gone, Limits.DEFAULT).files()).isInstanceOf(ClientDisconnected.class);
        assertThat(open()).isEmpty();
    }

    @Test
    void aThousandPartsAreTakenAndOneMoreIsNot() {
        assertThat(request((HEAD + "\r\n").repeat(1000) + "--b--").form().size())
                .isEqualTo(1000);
        assertThatThrownBy(() -> request((HEAD + "\r\n").repeat(1001) + "--b--").form())
                .isInstanceOf(RequestEntityTooLarge.class)
                .hasMessageContaining("more parts than the limit of 1000");
    }

    @Test
    void headersOverTheLimitAreRefused() {
        String header = "--b\r\nX: " + "y".repeat(8000);

        assertThat(request(header + "\r\n" + HEAD.substring(5) + "v\r\n--b--")
                        .form()
                        .get("a", ""))
                .isEqualTo("v");
        assertThatThrownBy(() -> request(header + "y".repeat(200)).form())
                .isInstanceOf(RequestEntityTooLarge.class)
                .hasMessageContaining("8192 bytes");
    }

    @Test
    void aPartWithoutANameIsRefused() {
        assertThatThrownBy(() -> request("--b\r\nContent-Disposition: form-data\r\n\r\n\r\n--b--")
                        .form())
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("no name");
        assertThatThrownBy(() -> request("--b\r\n\r\n\r\n--b--").form())
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("no Content-Disposition");
    }

    @Test
    void aRuleMayTakeMoreThanTheApplication() {
        WebApplication application = WebApplication.of(
                        Rule.of("/small", Size.class),
                        Rule.of("/large", Size.class).withLimits(Limits.DEFAULT.withBodyBytes(10_000)))
                .withLimits(Limits.DEFAULT.withBodyBytes(1000));
        Client client = Client.of(application);

        assertThat(client.post("/small")
                        .file("f", "f", "x/y", random(5000))
                        .send()
                        .code())
                .isEqualTo(413);
        assertThat(client.post("/large")
                        .file("f", "f", "x/y", random(5000))
                        .send()
                        .text())
                .isEqualTo("5000");
    }

    static final class Size {
        String post(Request request) {
            return Long.toString(request.files().required("f").size());
        }
    }

    @Test
    void aBodyThatIsKeptCanStillBeReadAsAForm() throws IOException {
        try (Request request = request(HEAD + "v\r\n--b--")) {
            assertThat(request.data()).hasSizeGreaterThan(50);
            assertThat(request.form().get("a", "")).isEqualTo("v");
        }
    }
}
