package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The one text that TornadoVM appends to is cut where the sources of its back ends begin. */
class KernelSourcesTest {
  private static final String OPENCL =
      """
      #pragma OPENCL EXTENSION cl_khr_fp64 : enable
      #pragma OPENCL EXTENSION cl_khr_fp16 : enable
      __kernel void linear(__global long *_kernel_context) {}
      """;
  private static final String PTX =
      """
      .version 7.6
      .target sm_80
      .visible .entry linear() { ret; }
      """;
  private static final String CUDA =
      """
      extern "C" __global__ void linear(long long *_kernel_context) {}
      """;

  @Test
  void cutsEveryLanguage() {
    for (String source : List.of(OPENCL, PTX, CUDA)) {
      assertThat(KernelSources.split(source + "\n" + source + source))
          .containsExactly(source + "\n", source, source);
    }
    assertThat(KernelSources.split("")).isEmpty();
  }

  @Test
  void namesTheLanguage() {
    assertThat(KernelSources.extension(OPENCL)).isEqualTo(".cl");
    assertThat(KernelSources.extension(PTX)).isEqualTo(".ptx");
    assertThat(KernelSources.extension(CUDA)).isEqualTo(".cu");
  }
}
