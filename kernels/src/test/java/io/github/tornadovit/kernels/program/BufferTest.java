package io.github.tornadovit.kernels.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BufferTest {

  @Test
  void sizeIsRowsTimesColumns() {
    assertThat(new Buffer("x", 197, 768).size()).isEqualTo(151_296);
    assertThatThrownBy(() -> new Buffer("x", 1 << 16, 1 << 16).size())
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void refusesEmptyExtents() {
    assertThatThrownBy(() -> new Buffer("x", 0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("buffer 'x' has 0 rows and 3 columns");
    assertThatThrownBy(() -> new Buffer("x", 3, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
