package dev.loomgate.python.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.spool.Spool;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A request that a worker has begun by itself: a call from its middle on.
@Timeout(60)
class BegunCallTest implements CallQueue, AssignedWorker {
    private final LoopGroup loops = LoopGroup.builder().loops(1).start();
    private final Loop loop = loops.next();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final Call call = Call.begunByWorker(loop, Spool.defaults(), "GET", "/a\nb");
    private final BegunCall request = new BegunCall(loop, this, call, 17);

    @BeforeEach
    void begin() {
        call.given(this, Integer.MIN_VALUE);
        call.begun();
    }

    @AfterEach
    void end() throws InterruptedException {
        loops.close();
    }

    @Test
    void itHasBegunAndIsNobodyElses() {
        assertThat(call.isBegun()).isTrue();
        assertThat(call.isOver()).isFalse();
        assertThat(request.begunNanos()).isEqualTo(17);
        assertThatThrownBy(call::recalled).hasMessage("a call can't be RECALLED in the state BEGUN");
        assertThatThrownBy(call::dropped).hasMessage("a call can't be DROPPED in the state BEGUN");
    }

    @Test
    void logsShowItsRequest() {
        assertThat(call.toString()).startsWith("GET /a").doesNotContain("\n");
    }

    @Test
    void whatNobodyWantsIsCancelled() throws InterruptedException {
        request.unwanted();
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("cancel");
    }

    @Test
    void aFileThatWasLentForWhatNobodyWantsIsGivenBack() throws InterruptedException {
        call.fileLent();
        request.unwanted();
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("file sent");
    }

    @Override
    public boolean takesFields() {
        return false;
    }

    @Override
    public void submit(Call submitted) {
        told.add("submit");
    }

    @Override
    public void cancel(Call cancelled, boolean overtime) {
        told.add(overtime ? "cancel, overtime" : "cancel");
    }

    @Override
    public void sendPart(Call sender, Call.BodyPart part) {
        told.add("part");
    }

    @Override
    public void credit(Call receiver, int bytes) {
        told.add("credit");
    }

    @Override
    public void askToEnd(Call call) {}

    @Override
    public boolean lend(Call it, int descriptor) {
        return false;
    }

    @Override
    public void refuse(Call it, boolean forNow) {}

    @Override
    public void reclaim(Call it) {}

    @Override
    public void fileSent(Call lender) {
        told.add("file sent");
    }

    @Override
    public void bodyTooLong(Call sender) {
        told.add("too long");
    }
}
