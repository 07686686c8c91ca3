package io.github.tornadovit.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.cli.Main;
import io.github.tornadovit.testing.OtherJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A heap that is too small for what a command was asked for. */
class SmallHeapTest {
  private static final Path IMAGE = Path.of("../../weights/demo/images/with_mask/9000003.jpg");

  @Test
  void theCommandLineSaysItInALine() throws Exception {
    OtherJvm ran =
        OtherJvm.run(
            Main.class,
            List.of("-Xmx16m"),
            List.of("classify", "--backend", "cpu", "--batch", "1024", IMAGE.toString()));
    assertThat(ran.exitCode()).as(ran.toString()).isEqualTo(1);
    assertThat(ran.err().lines().toList().getLast())
        .as(ran.toString())
        .startsWith("tornado-vit: ")
        .contains("-Xmx");
    assertThat(ran.err()).doesNotContain("\tat ", "Exception in thread");
    System.out.println("heap of a command: 1 fault");
  }
}
