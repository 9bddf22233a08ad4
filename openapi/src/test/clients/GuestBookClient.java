import book.ApiClient;
import book.ApiException;
import book.EntriesApi;
import book.EntryOrder;
import book.Found;
import book.LoginForm;
import book.PicturesApi;
import book.Problem;
import book.ProblemError;
import book.VisitorApi;
import book.VisitorState;
import book.Written;
import java.io.File;
import java.net.CookieManager;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// What a program does with the guest book, by the classes made of its document. Arguments: the site's URL, a picture.
public final class GuestBookClient {
    private GuestBookClient() {}

    @FunctionalInterface
    private interface Request {
        void send() throws ApiException;
    }

    private static String or(Object value, String otherwise) {
        return value == null ? otherwise : value.toString();
    }

    private static void sayWhy(Request request) throws Exception {
        try {
            request.send();
            System.out.println("no error");
        } catch (ApiException e) {
            Problem problem = ApiClient.createDefaultObjectMapper().readValue(e.getResponseBody(), Problem.class);
            String errors = problem.getErrors() == null
                    ? ""
                    : problem.getErrors().stream()
                            .map((ProblemError error) -> " [" + or(error.getPointer(), error.getField()) + "]")
                            .collect(Collectors.joining());
            System.out.println(
                    problem.getStatus() + " " + problem.getTitle() + ": " + problem.getDetail() + errors);
        }
    }

    private static String texts(Found found) {
        return found.getEntries().stream().map(Written::getText).collect(Collectors.joining(", "));
    }

    public static void main(String[] args) throws Exception {
        AtomicReference<String> token = new AtomicReference<>("");
        ApiClient client = new ApiClient();
        client.updateBaseUri(args[0]);
        client.setHttpClientBuilder(HttpClient.newBuilder().cookieHandler(new CookieManager()));
        client.setRequestInterceptor(request -> request.header("X-CSRF-Token", token.get()));
        VisitorApi visitors = new VisitorApi(client);
        EntriesApi entries = new EntriesApi(client);
        PicturesApi pictures = new PicturesApi(client);

        VisitorState stranger = visitors.getVisitor();
        token.set(stranger.getCsrfToken());
        System.out.println("visitor: " + or(stranger.getName(), "nobody"));

        sayWhy(() -> entries.postEntries("one", null));
        sayWhy(() -> visitors.postVisitor(new LoginForm().name("Ada").password("open")));
        sayWhy(() -> visitors.postVisitor(new LoginForm().name("Ada")));

        VisitorState ada = visitors.postVisitor(new LoginForm().name("Ada").password("welcome"));
        token.set(ada.getCsrfToken());
        System.out.println("visitor: " + or(ada.getName(), "nobody"));

        Written one = entries.postEntries("one", null);
        System.out.println("written: " + one.getId() + " " + or(one.getPicture(), "without a picture"));
        Written two = entries.postEntries("5 < 6 & ü", new File(args[1]));
        System.out.println("written: " + two.getId() + " " + or(two.getPicture(), "without a picture"));

        Found found = entries.getEntries(null, EntryOrder.OLDEST, 1);
        System.out.println("found: " + texts(found) + " of " + found.getTotal());
        System.out.println("found: " + texts(entries.getEntries("Ada", null, null)));
        sayWhy(() -> entries.getEntries(null, null, 101));

        File picture = pictures.getPictureById(two.getId());
        System.out.println("picture: " + Files.size(picture.toPath()) + " bytes");
        sayWhy(() -> pictures.getPictureById(3L));
    }
}
