package dev.loomgate.shop;

import dev.loomgate.gateway.Application;
import dev.loomgate.redis.RedisQueue;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.spooler.SpoolFunction;
import dev.loomgate.toolkit.spooler.SpoolResult;
import dev.loomgate.toolkit.spooler.Spooler;
import dev.loomgate.toolkit.spooler.SpoolerSettings;
import dev.loomgate.toolkit.spooler.Task;
import dev.loomgate.toolkit.spooler.TaskQueue;
import dev.loomgate.toolkit.spooler.TaskRun;
import java.time.Duration;
import java.time.Instant;

/// Orders, after each of which a mail is sent at once, and another one a week later.
public final class Orders {
    private Orders() {}

    /// Sends mails, however often it takes.
    public interface Post {
        void send(String to, String text, String id) throws Exception;
    }

    public static Application site(TaskQueue mails) {
        return WebApplication.of(Route.post("/orders", request -> {
            Task task = Task.of("to", request.text());
            mails.spool(task.with("text", "Thank you for your order.").withPriority(0));
            mails.spool(
                    task.with("text", "Are you content?").withAt(Instant.now().plus(Duration.ofDays(7))));
            return "ordered";
        }));
    }

    public static Spooler spooler(RedisQueue mails, Post post) {
        SpoolFunction send = run -> send(run, post);
        return Spooler.start(mails, SpoolerSettings.DEFAULT.withWorkers(10), send);
    }

    private static SpoolResult send(TaskRun run, Post post) throws Exception {
        Task task = run.task();
        post.send(task.text("to").orElseThrow(), task.text("text").orElseThrow(), run.id());
        return SpoolResult.OK;
    }
}
