package dev.loomgate.servlet.spring;

import jakarta.servlet.http.HttpSession;
import java.util.concurrent.Callable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.support.SpringBootServletInitializer;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/// A Spring Boot program of Spring MVC, as one is that is packed as a WAR.
@SpringBootApplication
class TeaShop extends SpringBootServletInitializer {
    record Tea(String name, int minutes) {}

    @RestController
    static class Teas {
        @GetMapping("/teas/{name}")
        Tea tea(@PathVariable("name") String name) {
            return new Tea(name, 3);
        }

        @PostMapping("/teas")
        Tea longer(@RequestBody Tea tea) {
            return new Tea(tea.name(), tea.minutes() + 1);
        }

        @PostMapping("/upload")
        String upload(@RequestParam("file") MultipartFile file) throws Exception {
            return file.getOriginalFilename() + " " + file.getBytes().length;
        }

        @GetMapping("/visits")
        String visits(HttpSession session) {
            int visits = session.getAttribute("visits") instanceof Integer before ? before + 1 : 1;
            session.setAttribute("visits", visits);
            return "visit " + visits;
        }

        @GetMapping("/later")
        Callable<String> later() {
            return () -> "later";
        }
    }
}
