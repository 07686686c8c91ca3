package io.github.tornadovit.base.file;

/** Explains an {@code OutOfMemoryError}, with the way out. */
public final class HeapProblem {
  private HeapProblem() {}

  /** The problem as one clause, without its subject. */
  public static String reason(OutOfMemoryError failure) {
    return "needs more memory than is left of %d MiB of heap (%s); start java with a larger -Xmx, as in JAVA_TOOL_OPTIONS=-Xmx8g"
        .formatted(Runtime.getRuntime().maxMemory() >> 20, failure.getMessage());
  }
}
