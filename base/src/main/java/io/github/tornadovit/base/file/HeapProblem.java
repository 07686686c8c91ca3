package io.github.tornadovit.base.file;

/** What an error of the JVM that has no memory left means, and the way out. */
public final class HeapProblem {
  private HeapProblem() {}

  /** What is wrong, without what it is about, as one clause. */
  public static String reason(OutOfMemoryError failure) {
    return "needs more memory than is left of %d MiB of heap (%s); start java with a larger -Xmx, as in JAVA_TOOL_OPTIONS=-Xmx8g"
        .formatted(Runtime.getRuntime().maxMemory() >> 20, failure.getMessage());
  }
}
