package io.github.tornadovit.engine.image.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pictures wait for memory, and the largest is decoded alone. */
@Timeout(60)
class DecodeMemoryTest {
  private static final int MIB = 1 << 20;

  private final DecodeMemory memory = new DecodeMemory(10 * MIB);

  /** Takes memory in a thread of its own and says when it has it. */
  private Thread taking(long bytes, CountDownLatch taken, CountDownLatch enough) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try (DecodeMemory.Share share = memory.share()) {
                share.take(bytes);
                taken.countDown();
                enough.await();
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static void awaitWaiting(Thread thread) throws InterruptedException {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
  }

  @Test
  void whatFitsIsTakenTogetherAndTheNextWaits() throws Exception {
    CountDownLatch enough = new CountDownLatch(1);
    CountDownLatch three = new CountDownLatch(3);
    Thread first = taking(4 * MIB, three, enough);
    Thread second = taking(4 * MIB, three, enough);
    while (three.getCount() > 1) {
      Thread.sleep(1);
    }
    Thread third = taking(4 * MIB, three, enough);
    awaitWaiting(third);
    assertThat(three.getCount()).isEqualTo(1);
    enough.countDown();
    three.await();
    first.join();
    second.join();
    third.join();
  }

  @Test
  void moreThanThereIsIsTakenAlone() throws Exception {
    CountDownLatch small = new CountDownLatch(1);
    CountDownLatch large = new CountDownLatch(1);
    CountDownLatch smallEnds = new CountDownLatch(1);
    CountDownLatch largeEnds = new CountDownLatch(1);
    Thread one = taking(1, small, smallEnds);
    small.await();
    Thread two = taking(1L << 40, large, largeEnds);
    awaitWaiting(two);
    assertThat(large.getCount()).isEqualTo(1);
    // Who comes later does not overtake the one that waits for all of it.
    CountDownLatch late = new CountDownLatch(1);
    Thread three = taking(1, late, new CountDownLatch(0));
    awaitWaiting(three);
    smallEnds.countDown();
    large.await();
    assertThat(late.await(20, TimeUnit.MILLISECONDS)).isFalse();
    largeEnds.countDown();
    late.await();
    one.join();
    two.join();
    three.join();
  }

  @Test
  void aShareIsTakenOnceAndGivenBackWhole() throws Exception {
    AtomicBoolean alone = new AtomicBoolean();
    try (DecodeMemory.Share share = memory.share()) {
      share.take(6 * MIB);
      share.take(6 * MIB); // Already has its share: a second one would wait for itself.
      share.takeAll();
      alone.set(true);
    }
    try (DecodeMemory.Share again = memory.share()) {
      again.take(10 * MIB);
    }
    assertThat(alone).isTrue();
  }
}
