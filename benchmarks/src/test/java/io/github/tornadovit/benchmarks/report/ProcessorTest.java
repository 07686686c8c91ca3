package io.github.tornadovit.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorTest {
  @Test
  void poclIsTheCpuWhateverItCallsItself() {
    assertThat(Processor.of("GPU", "NVIDIA CUDA")).isEqualTo(Processor.GPU);
    assertThat(Processor.of("CPU", "Intel(R) OpenCL")).isEqualTo(Processor.OPENCL_ON_CPU);
    for (String kind : new String[] {"CPU", "GPU", "OTHER"}) {
      assertThat(Processor.of(kind, "Portable Computing Language"))
          .isEqualTo(Processor.OPENCL_ON_CPU);
    }
    assertThat(Processor.of("FPGA", "x")).isEqualTo(Processor.OTHER);
  }
}
