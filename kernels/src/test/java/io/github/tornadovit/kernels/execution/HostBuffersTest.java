package io.github.tornadovit.kernels.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostBuffersTest {

  @Test
  void allocatesEveryArrayForTheBatch() {
    Buffer x = new Buffer("x", 2, 3);
    Buffer y = new Buffer("y", 2, 3);
    HostBuffers buffers = new HostBuffers(Storage.onHost(copy(x, y)), 4);
    assertThat(buffers.of(x)).hasSize(24);
    assertThat(buffers.of(y)).hasSize(24).isNotSameAs(buffers.of(x));
    assertThatThrownBy(() -> buffers.of(new Buffer("z", 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'z' [1, 1]");
  }

  @Test
  void namesTheLargestBatchThatFits() {
    Buffer x = new Buffer("x", 1000, 1000);
    Buffer y = new Buffer("y", 1000, 1000);
    assertThatThrownBy(() -> new HostBuffers(Storage.onHost(copy(x, y)), 3000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch is 3000")
        .hasMessageContaining("buffer 'x'")
        .hasMessageEndingWith("the largest batch that fits is 2147");
    Buffer huge = new Buffer("huge", 1 << 16, 1 << 16);
    assertThatThrownBy(() -> new HostBuffers(Storage.separate(List.of(huge)), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("the largest batch that fits is 0");
    assertThatThrownBy(() -> new HostBuffers(Storage.onHost(copy(x, y)), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch is 0");
  }

  private static Program copy(Buffer x, Buffer y) {
    return new Program.Builder(x).then(new SelectTokens(x, 0, y)).output(y).build();
  }
}
