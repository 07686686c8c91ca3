package io.github.tornadovit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * The contract of a reader on any bytes: it reads them or refuses them with its typed error, within
 * a bound of memory and of processor time. A reader that waits or never ends is for Jazzer's {@code
 * -timeout}, or a test's, to stop.
 *
 * @param refusal the typed error of the reader
 * @param fixedBytes of the heap that a read may allocate, whatever the length of the input
 * @param bytesPerByte that it may allocate on top for each byte of the input
 */
record Contract(Class<? extends Exception> refusal, long fixedBytes, long bytesPerByte) {
  /** An error is shown in a line; some name a list, a path or what was found. */
  private static final int MAX_MESSAGE = 8192;

  /** Of the processor, for inputs of some ten thousand bytes that are read in milliseconds. */
  private static final long MAX_NANOS = 5_000_000_000L;

  /**
   * The first times pay for classes that are loaded, tables that are built once, and code that the
   * JVM makes after some calls, which Jazzer instruments.
   */
  private static final int MOST_TRIES = 10;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * Reads an input and fails where the target breaks the contract.
   *
   * @throws Exception what the reader threw and does not document
   */
  void check(FuzzTarget target, byte[] input) throws Exception {
    Cost limit = new Cost(fixedBytes + bytesPerByte * input.length, MAX_NANOS);
    Cost cost = cost(target, input);
    for (int tries = 1; tries < MOST_TRIES && !cost.within(limit); tries++) {
      cost = cost(target, input);
    }
    if (!cost.within(limit)) {
      throw new AssertionError(
          "an input of %d bytes costs %s, expected at most %s"
              .formatted(input.length, cost, limit));
    }
  }

  private Cost cost(FuzzTarget target, byte[] input) throws Exception {
    Cost before = Cost.soFar();
    try {
      target.read(input.clone());
    } catch (Exception refused) {
      if (!refusal.isInstance(refused)) {
        throw refused;
      }
      checkMessage(refused);
    }
    return before.toNow();
  }

  /** The cost of this thread: heap allocated, and processor time. */
  private record Cost(long bytes, long nanos) {
    static Cost soFar() {
      return new Cost(THREADS.getCurrentThreadAllocatedBytes(), THREADS.getCurrentThreadCpuTime());
    }

    Cost toNow() {
      Cost now = soFar();
      return new Cost(now.bytes - bytes, now.nanos - nanos);
    }

    boolean within(Cost limit) {
      return bytes <= limit.bytes && nanos <= limit.nanos;
    }

    @Override
    public String toString() {
      return "%d bytes of heap and %.1f s".formatted(bytes, nanos * 1e-9);
    }
  }

  private static void checkMessage(Exception refused) {
    String message = refused.getMessage();
    if (message == null || message.isBlank() || message.endsWith(": null")) {
      throw new AssertionError("refused without saying why", refused);
    }
    if (message.length() > MAX_MESSAGE) {
      throw new AssertionError(
          "refused with a message of %d characters, expected at most %d"
              .formatted(message.length(), MAX_MESSAGE),
          refused);
    }
  }
}
