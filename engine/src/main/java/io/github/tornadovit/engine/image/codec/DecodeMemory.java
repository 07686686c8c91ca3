package io.github.tornadovit.engine.image.codec;

import java.util.concurrent.Semaphore;

/**
 * The part of the heap that pictures may take while they are decoded, whoever decodes them: a
 * picture waits for its turn until there is room for it, first come, first served. One that needs
 * more than there is at all gets all of it, and is decoded alone.
 *
 * <p>Safe for use by several threads.
 */
public final class DecodeMemory {
  private static final int UNIT_BYTES = 1 << 16;

  private final int units;
  private final Semaphore free;

  public DecodeMemory(long bytes) {
    units = Math.clamp(bytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
    free = new Semaphore(units, true);
  }

  private static final class Shared {
    private static final DecodeMemory OF_JVM = new DecodeMemory(halfOfFreeHeap());
  }

  /**
   * Half of the heap that was free when the first picture was decoded, when as a rule the model is
   * loaded.
   */
  public static DecodeMemory shared() {
    return Shared.OF_JVM;
  }

  private static long halfOfFreeHeap() {
    Runtime heap = Runtime.getRuntime();
    return (heap.maxMemory() - heap.totalMemory() + heap.freeMemory()) / 2;
  }

  /** Memory for one picture: none to begin with. */
  public Share share() {
    return new Share();
  }

  /** The memory of one picture. For one thread. */
  public final class Share implements AutoCloseable {
    private int taken;

    private Share() {}

    /** Waits until there is room for so many bytes. What is asked for once is not asked again. */
    public void take(long bytes) {
      if (taken == 0) {
        int wanted = Math.clamp(Math.ceilDiv(bytes, UNIT_BYTES), 1, units);
        free.acquireUninterruptibly(wanted);
        taken = wanted;
      }
    }

    /** Waits until nobody else decodes. */
    public void takeAll() {
      close();
      take(Long.MAX_VALUE - UNIT_BYTES);
    }

    @Override
    public void close() {
      free.release(taken);
      taken = 0;
    }
  }
}
