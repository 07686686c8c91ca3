package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.testing.OtherJvm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A heap that is too small for a model: one line, nothing kept, and a smaller one runs. */
class MemoryFaultsTest {
  @Test
  void aFullHeapIsAnErrorThatLeavesNothing() throws Exception {
    OtherJvm ran =
        OtherJvm.run(
            MemoryMain.class,
            List.of("-Xmx24m"),
            List.of(Golden.path("models/vit-24x24-patches").toString()));
    assertThat(ran.exitCode()).as(ran.toString()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines.subList(lines.size() - 2, lines.size()))
        .as(ran.toString())
        .containsExactly("failed, and ran again", "no thread left");
    // What the forward pass itself finds no room for is the JVM's own error.
    assertThat(lines)
        .filteredOn(line -> line.startsWith("typed: "))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains("MiB of heap", "-Xmx"));
    System.out.printf("heap: %d faults%n", lines.size() - 2);
  }
}
