package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.peers.Python;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the "Channel Layer Specification" of Django Channels says, of `loomgate_channels` and of Channels' own
/// `InMemoryChannelLayer`: `channel_layers/contract.py`. A test class for each place of a layer extends this one.
@Timeout(240)
public abstract class ChannelLayerContract {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    /// Says where the layer is.
    protected abstract void settle(PythonOptions.Builder program);

    private Server start(String interpreter) throws Exception {
        TestPrograms.copy("channel_layers/contract.py", directory);
        PythonOptions.Builder program = TestPrograms.options(directory, "contract")
                .environment(TestPrograms.environment(directory))
                .interpreter(interpreter);
        settle(program);
        return Servers.start(PythonApplication.of(program.build()));
    }

    private static JsonNode ask(Server server, String target) throws Exception {
        return JSON.readTree(Servers.ask(server, target).text());
    }

    private static List<String> cases(Server server) throws Exception {
        List<String> cases = new ArrayList<>();
        ask(server, "/ours/names").forEach(name -> cases.add(name.asString()));
        return cases;
    }

    @Test
    void itAnswersAsChannelsOwnLayerDoes() throws Exception {
        Server server = start(Python.DEBIAN);
        try {
            List<String> different = new ArrayList<>();
            for (String each : cases(server)) {
                if (each.startsWith("our_")) {
                    continue;
                }
                JsonNode ours = ask(server, "/ours/" + each);
                JsonNode theirs = ask(server, "/theirs/" + each);
                if (!ours.equals(theirs)) {
                    different.add("%s: %s, and theirs %s".formatted(each, ours, theirs));
                }
            }
            assertThat(different).isEmpty();
        } finally {
            server.stop(Duration.ofSeconds(20));
        }
    }

    static Stream<String> interpreters() {
        return Stream.concat(
                Stream.of(Python.DEBIAN),
                Stream.concat(Python.current().stream(), Python.others().stream())
                        .map(Path::toString));
    }

    // Where uvloop is, on its loop.
    @ParameterizedTest
    @MethodSource("interpreters")
    void itAnswersSoWithoutChannels(String interpreter) throws Exception {
        Server server = start(interpreter);
        try {
            List<String> answers = new ArrayList<>();
            for (String each : cases(server)) {
                answers.add(each + ": " + ask(server, "/ours/" + each));
            }
            assertThat(answers).containsExactlyElementsOf(EXPECTED.lines().toList());
        } finally {
            server.stop(Duration.ofSeconds(20));
        }
    }

    private static final String EXPECTED = """
            messages_come_in_their_order: [[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19],[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]]
            a_name_is_new_and_of_this_process: [3,[true,true,true]]
            all_types_come_as_they_were: [true,true,true,true]
            a_message_is_the_receivers_own: [{"n":[1,3]},{"n":[1]}]
            a_full_channel_raises_and_has_room_again: ["ChannelFull",0,"nothing",[1,2,4],"ChannelFull",0,"nothing",[1,2,4]]
            a_group_leaves_full_channels_out: ["nothing",[0,1],[0,1],[2]]
            who_is_in_a_group_gets_each_message_once: [[1,5],[1,2,3],[1]]
            a_message_expires: [[2],[2]]
            a_channel_that_nobody_reads_leaves_its_groups: [[],[3],[],[3]]
            a_membership_expires: [true,true]
            a_cancelled_receive_loses_nothing: [[1],[2],[1],[2]]
            bad_names_are_refused: [61,["TypeError"]]
            what_is_no_dict_is_refused: ["TypeError","TypeError","TypeError","TypeError"]
            a_flush_empties_it: [[],[],[3]]
            our_two_receivers_get_one_each: [[0,1],[2],[0,1],[2]]
            our_messages_have_limits: [999980,"MessageTooLarge",999980,"MessageTooLarge","MessageTooLarge","TypeError","TypeError","OverflowError","TypeError","ValueError",[1,[2]]]
            our_limits_have_names: ["CHANNEL_LAYERS: capacity is 0, it must be a number from 1 to 1000000","CHANNEL_LAYERS: expiry is -1, it must be a number of seconds, over 0 and up to ten years","CHANNEL_LAYERS: name is 'a b', it must be 1 to 64 letters, digits and -_.","CHANNEL_LAYERS: max_groups is 'x', it must be a number from 1 to 100000000","CHANNEL_LAYERS: max_message_bytes is 1073741824, it must be a number from 1 to 1040000","TooMany: over 1 groups in this process (max_groups): two","waits","ValueError: a.b!c is a channel of another process, which alone receives from it","ChannelFull","nothing"]
            our_counts_say_what_was_left_out: [[0,1],3,5]
            """;
}
