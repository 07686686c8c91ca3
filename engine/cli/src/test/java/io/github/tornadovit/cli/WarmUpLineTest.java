package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class WarmUpLineTest {
  @Test
  void saysWhichBatchComesAndIsGoneInTheEnd() {
    StringWriter terminal = new StringWriter();
    WarmUpLine line = new WarmUpLine(new PrintWriter(terminal));
    line.next(1, 0, 2);
    line.next(8, 1, 2);
    line.next(8, 2, 2);
    assertThat(terminal.toString())
        .startsWith("\rwarming up: batches of 1 (1 of 2)\u001b[K")
        .contains("\rwarming up: batches of 8 (2 of 2)\u001b[K")
        .endsWith("\r\u001b[K");
  }
}
