package dev.loomgate.bench.shared;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;

/// `URI PORT`: a servlet in Tomcat with its defaults, behind Spring Session's filter, with the
/// repository that Spring Boot makes (`spring.session.redis.repository-type=default`); cached values by
/// Spring Data's template. Both over Lettuce. Without Spring's MVC, which would cost more.
public final class SpringShared {
    private static final String KEY = "spring-cache:user";

    private SpringShared() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(args[0], Integer.parseInt(args[1]), Path.of(""));
    }

    /// @param folder where Tomcat makes its own
    static AutoCloseable start(String uri, int port, Path folder) throws Exception {
        URI place = URI.create(uri);
        LettuceConnectionFactory connections =
                new LettuceConnectionFactory(new RedisStandaloneConfiguration(place.getHost(), place.getPort()));
        connections.afterPropertiesSet();
        connections.start();
        StringRedisTemplate values = new StringRedisTemplate(connections);
        values.opsForValue().set(KEY, SharedPaths.USER);

        String base =
                Files.createTempDirectory(folder.toAbsolutePath(), "tomcat").toString();
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(base);
        tomcat.setHostname(SharedPaths.HOST);
        tomcat.setPort(port);
        tomcat.getConnector().setProperty("address", SharedPaths.HOST);
        Context context = tomcat.addContext("", base);
        addFilter(context, new SessionRepositoryFilter<>(sessions(connections)));
        Tomcat.addServlet(context, "shared", new Answering(values)).addMapping("/*");
        tomcat.start();
        return () -> {
            tomcat.stop();
            tomcat.destroy();
            connections.destroy();
        };
    }

    private static RedisSessionRepository sessions(LettuceConnectionFactory connections) {
        RedisTemplate<String, Object> template = new RedisTemplate<>();
        template.setConnectionFactory(connections);
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.afterPropertiesSet();
        return new RedisSessionRepository(template);
    }

    private static void addFilter(Context context, SessionRepositoryFilter<?> filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName("session");
        definition.setFilter(filter);
        context.addFilterDef(definition);
        FilterMap places = new FilterMap();
        places.setFilterName("session");
        places.addURLPattern("/*");
        context.addFilterMap(places);
    }

    private static final class Answering extends HttpServlet {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient StringRedisTemplate values;

        Answering(StringRedisTemplate values) {
            this.values = values;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String text =
                    switch (request.getPathInfo()) {
                        case SharedPaths.LOGIN -> {
                            request.getSession().setAttribute("user", SharedPaths.USER);
                            yield SharedPaths.USER;
                        }
                        case SharedPaths.SESSION -> {
                            HttpSession session = request.getSession(false);
                            yield session == null ? SharedPaths.NOBODY : String.valueOf(session.getAttribute("user"));
                        }
                        case SharedPaths.CACHE -> values.opsForValue().get(KEY);
                        default -> SharedPaths.USER;
                    };
            response.setContentType("text/plain");
            response.getWriter().print(text);
        }
    }
}
