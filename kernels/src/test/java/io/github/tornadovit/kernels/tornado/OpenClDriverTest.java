package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What TornadoVM leaves out of what drivers offer. */
class OpenClDriverTest {
  @ParameterizedTest
  @CsvSource({
    "Mesa/X.org, 4",
    "Xilinx, 8",
    "The pocl project, 4294967295",
    "NVIDIA Corporation, 4294967295",
    "'', 4294967295"
  })
  void takesOnlyGpusOfMesaAndAcceleratorsOfXilinx(String vendor, long kinds) {
    assertThat(OpenClDriver.taken(vendor)).isEqualTo(kinds);
  }
}
