package dev.loomgate.cli.dashboard;

import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.util.Map;

/// `/detail/<panel>/<subject>`: more about something that a panel shows, as JSON.
///
/// @param panels by their names
record Details(Map<String, Panel> panels) {
    Response get(String panel, String subject) throws InterruptedException {
        Panel found = panels.get(panel);
        if (found == null) {
            throw new NotFound();
        }
        try {
            return found.detail(subject)
                    .map(Response::json)
                    .orElseThrow(() -> new NotFound("It isn't there any more."));
        } catch (IllegalStateException e) {
            // A loop is held, or ends; it says so for operators.
            throw new ServiceUnavailable(String.valueOf(e.getMessage()));
        }
    }
}
