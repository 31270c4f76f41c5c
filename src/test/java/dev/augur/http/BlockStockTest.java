package dev.augur.http;

import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.request.BodyMemory;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BlockStockTest {
    private static final int KIB = 1 << 10;

    private static byte[] bytes(int length, int of) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) of);
        return bytes;
    }

    private static ArrivedBody body(BlockStock stock, byte[] bytes) {
        var body = new ArrivedBody(stock);
        for (int from = 0; from < bytes.length; from += 40 * KIB) {
            body.add(Buffer.buffer(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 40 * KIB))));
        }
        return body;
    }

    @Test
    void theNextBodyHasTheMemoryOfTheOneBefore() {
        var stock = new BlockStock(1024 * KIB);
        var share = BodyMemory.ofRequests(4096 * KIB).new Share();
        assertThat(body(stock, bytes(200 * KIB, 1)).whole(share)).isEqualTo(bytes(200 * KIB, 1));
        long kept = stock.bytes();
        assertThat(kept).isEqualTo(4 * 64 * KIB);

        var second = body(stock, bytes(200 * KIB, 2));
        assertThat(stock.bytes()).isZero();
        assertThat(second.whole(share)).isEqualTo(bytes(200 * KIB, 2));
        assertThat(stock.bytes()).isEqualTo(kept);
    }

    @Test
    void itKeepsNoMoreThanItMay() {
        var stock = new BlockStock(3 * 64 * KIB);
        var blocks = Stream.generate(stock::take).limit(5).toList();
        blocks.forEach(ByteBuf::release);
        assertThat(stock.bytes()).isEqualTo(3 * 64 * KIB);
    }

    /** What is still being sent of a body that was given up must not be another's. */
    @Test
    void whoStillReadsABodyThatIsGoneReadsNoOther() {
        var stock = new BlockStock(1024 * KIB);
        var gone = body(stock, bytes(200 * KIB, 1));
        var pieces = new Pieces(gone.blocks());
        assertThat(pieces.next().getByte(0)).isEqualTo((byte) 1);
        gone.discard();

        var other = body(stock, bytes(200 * KIB, 2));
        assertThatThrownBy(pieces::next).isInstanceOf(IllegalReferenceCountException.class);
        other.discard();
    }

    @Test
    void blocksThatSeveralThreadsGiveBackAreHadByOneEach() throws Exception {
        var stock = new BlockStock(1024 * KIB);
        var threads = new ArrayList<Thread>();
        var faults = new ArrayList<Throwable>();
        for (int i = 0; i < 4; i++) {
            byte mine = (byte) i;
            var thread = new Thread(() -> {
                for (int round = 0; round < 300; round++) {
                    holdsIts(stock, mine);
                }
            });
            thread.setUncaughtExceptionHandler((failed, fault) -> {
                synchronized (faults) {
                    faults.add(fault);
                }
            });
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(faults).isEmpty();
        assertThat(stock.bytes()).isPositive();
    }

    private static void holdsIts(BlockStock stock, byte mine) {
        List<ByteBuf> blocks = Stream.generate(stock::take).limit(3).toList();
        blocks.forEach(block -> block.writeBytes(bytes(64 * KIB, mine)));
        for (ByteBuf block : blocks) {
            byte[] read = new byte[64 * KIB];
            block.readBytes(read);
            assertThat(Arrays.equals(read, bytes(64 * KIB, mine))).isTrue();
            block.release();
        }
    }

    /** In two looks: the first says what is there, the second what nobody wanted since. */
    @Test
    void whatNobodyWantsGoesBackToTheSystem() throws Exception {
        var stock = new BlockStock(1024 * KIB);
        var blocks = Stream.generate(stock::take).limit(4).toList();
        blocks.forEach(ByteBuf::release);
        within(20, () -> {
            stock.take().release(); // one is in use, now and then
            stock.sweep();
            return stock.bytes() == 64 * KIB;
        });
        within(20, () -> {
            stock.sweep();
            return stock.bytes() == 0;
        });
    }
}
