package io.github.tornadovit.weights.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.tornadovit.base.file.HeapProblem;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/** The JVM's own errors, and which of its options each of them leads to. */
class HeapProblemTest {
  @Test
  void namesTheOptionForMemoryOutsideTheHeap() {
    OutOfMemoryError full =
        catchThrowableOfType(OutOfMemoryError.class, () -> Arena.ofAuto().allocate(1L << 52));
    assertThat(HeapProblem.reason(full))
        .startsWith("needs more memory than is left outside the heap (Cannot reserve ")
        .contains("-XX:MaxDirectMemorySize=4g");
  }

  @Test
  void namesTheOptionForTheHeap() {
    assertThat(HeapProblem.reason(new OutOfMemoryError("Java heap space")))
        .startsWith("needs more memory than is left of ")
        .contains("(Java heap space)", "-Xmx8g");
  }
}
