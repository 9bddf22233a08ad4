import book.ApiClient;
import book.ApiException;
import book.EntriesApi;
import book.Form;
import book.Found;
import book.JSON;
import book.Order;
import book.PicturesApi;
import book.Problem;
import book.ProblemError;
import book.State;
import book.VisitorApi;
import book.Written;
import java.io.File;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/// What a program does with the guest book, by the classes made of its document. Arguments: the site's URL, a picture.
public final class GuestBookClient {
    private GuestBookClient() {}

    @FunctionalInterface
    private interface Request {
        void send() throws ApiException;
    }

    /// What a browser does by itself, for the one cookie of this site.
    private static final class Session implements CookieJar {
        private List<Cookie> cookies = List.of();

        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> received) {
            cookies = received;
        }

        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            return cookies;
        }
    }

    private static String or(Object value, String otherwise) {
        return value == null ? otherwise : value.toString();
    }

    private static void sayWhy(Request request) {
        try {
            request.send();
            System.out.println("no error");
        } catch (ApiException e) {
            Problem problem = JSON.deserialize(e.getResponseBody(), Problem.class);
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
        ApiClient client = new ApiClient(
                new OkHttpClient.Builder().cookieJar(new Session()).build());
        client.setBasePath(args[0]);
        VisitorApi visitors = new VisitorApi(client);
        EntriesApi entries = new EntriesApi(client);
        PicturesApi pictures = new PicturesApi(client);

        State stranger = visitors.getVisitor();
        client.setApiKey(stranger.getCsrfToken());
        System.out.println("visitor: " + or(stranger.getName(), "nobody"));

        sayWhy(() -> entries.postEntries("one", null));
        sayWhy(() -> visitors.postVisitor(new Form().name("Ada").password("open")));
        sayWhy(() -> visitors.postVisitor(new Form().name("Ada")));

        State ada = visitors.postVisitor(new Form().name("Ada").password("welcome"));
        client.setApiKey(ada.getCsrfToken());
        System.out.println("visitor: " + or(ada.getName(), "nobody"));

        Written one = entries.postEntries("one", null);
        System.out.println("written: " + one.getId() + " " + or(one.getPicture(), "without a picture"));
        Written two = entries.postEntries("5 < 6 & ü", new File(args[1]));
        System.out.println("written: " + two.getId() + " " + or(two.getPicture(), "without a picture"));

        Found found = entries.getEntries(null, Order.OLDEST, 1);
        System.out.println("found: " + texts(found) + " of " + found.getTotal());
        System.out.println("found: " + texts(entries.getEntries("Ada", null, null)));
        sayWhy(() -> entries.getEntries(null, null, 101));

        File picture = pictures.getPictureById(two.getId());
        System.out.println("picture: " + Files.size(picture.toPath()) + " bytes");
        Files.delete(picture.toPath());
        sayWhy(() -> pictures.getPictureById(3L));
    }
}
