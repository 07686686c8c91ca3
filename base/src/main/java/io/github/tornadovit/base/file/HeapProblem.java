package io.github.tornadovit.base.file;

/** Explains an {@code OutOfMemoryError}, with the way out. */
public final class HeapProblem {
  /** In what the JVM says where codes of weights and activations found no room. */
  private static final String OUTSIDE = "direct buffer memory";

  private HeapProblem() {}

  /** The problem as one clause, without its subject. */
  public static String reason(OutOfMemoryError failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains(OUTSIDE)) {
      return "needs more memory than is left outside the heap (%s); start java with a larger -XX:MaxDirectMemorySize, which is -Xmx unless it is given, as in JAVA_TOOL_OPTIONS=-XX:MaxDirectMemorySize=4g"
          .formatted(message);
    }
    return "needs more memory than is left of %d MiB of heap (%s); start java with a larger -Xmx, as in JAVA_TOOL_OPTIONS=-Xmx8g"
        .formatted(Runtime.getRuntime().maxMemory() >> 20, message);
  }
}
