package dev.loomgate.examples.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskListTest {
    private final Client client = Client.of(TaskList.application);

    @Test
    void aTaskIsAddedChangedAndRemoved() {
        TestResponse added = client.post("/tasks").json(Map.of("title", "tea")).send();
        assertThat(added.code()).isEqualTo(201);
        TaskList.Task task = added.json(TaskList.Task.class);
        assertThat(client.get("/tasks").send().text()).contains("{\"id\":%d,\"title\":\"tea\"}".formatted(task.id()));

        String url = "/tasks/" + task.id();
        assertThat(client.put(url).json(Map.of("title", "milk")).send().json(TaskList.Task.class))
                .isEqualTo(new TaskList.Task(task.id(), "milk"));
        assertThat(client.get(url).send().json(TaskList.Task.class).title()).isEqualTo("milk");
        assertThat(client.delete(url).send().code()).isEqualTo(204);
        assertThat(client.get(url).send().code()).isEqualTo(404);
        assertThat(client.delete(url).send().code()).isEqualTo(404);
        assertThat(client.put(url).json(Map.of("title", "milk")).send().code()).isEqualTo(404);
    }

    @Test
    void aTaskWithoutATitleIsRefusedWithTheReason() {
        TestResponse refused = client.post("/tasks").json(Map.of("title", " ")).send();

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text()).contains("A task needs a title.");
    }

    @Test
    void functionsAndClassesStandInOneMap() {
        assertThat(client.get("/hello/Bob").send().text()).isEqualTo("Hello Bob!");
        assertThat(client.get("/user?name=Bob").send().text()).isEqualTo("Hello Bob!");
        assertThat(client.options("/tasks").send().header("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
    }
}
