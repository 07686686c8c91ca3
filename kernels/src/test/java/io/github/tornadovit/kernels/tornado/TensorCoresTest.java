package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TensorCoresTest {
  @Test
  void isAmpereOrLaterThroughPtxOrCuda() {
    assertThat(TensorCores.missing("ptx", OptionalInt.of(80))).isNull();
    assertThat(TensorCores.missing("cuda", OptionalInt.of(120))).isNull();
    assertThat(TensorCores.missing("ptx", OptionalInt.of(75)))
        .isEqualTo("it has compute capability 7.5, and needed is 8.0");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(TensorCores.missing("opencl", OptionalInt.empty()))
        .isEqualTo(
            "TornadoVM reaches it through opencl, and needed is ptx or cuda, on an NVIDIA"
                + " device");
    assertThat(TensorCores.missing("ptx", OptionalInt.empty()))
        .contains("--enable-native-access=ALL-UNNAMED");
  }
}
