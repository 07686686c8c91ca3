package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceKind;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;

/** What a device cannot launch is refused by name, before anything is built for it. */
class GraphRecorderTest {
  private static final int HEADS = 64;

  private static Program attention() {
    Buffer qkv = new Buffer("qkv", 1, 3 * HEADS);
    Buffer mixed = new Buffer("mixed", 1, HEADS);
    return new Program.Builder(qkv)
        .then(new Attention(qkv, HEADS, 1f, null, mixed))
        .output(mixed)
        .build();
  }

  private static Program norm() {
    Buffer x = new Buffer("x", 2, 5);
    Buffer y = new Buffer("y", 2, 5);
    Weight ones = Weight.of("ones", 1, 5, new float[] {1, 1, 1, 1, 1});
    return new Program.Builder(x).then(new LayerNorm(x, ones, ones, 1f, y)).output(y).build();
  }

  /** In slices, or of the large tile. */
  private static Program product() {
    Buffer x = new Buffer("x", 256, 30);
    Buffer y = new Buffer("y", 256, 256);
    return new Program.Builder(x)
        .then(Linear.of(x, Weight.of("w", 256, 30, new float[256 * 30]), null, y))
        .output(y)
        .build();
  }

  private static int launches(
      Program program, int batch, String backend, int maxGroup, long localBytes) {
    DeviceDescription description =
        new DeviceDescription(
            0,
            "a device",
            DeviceKind.GPU,
            backend,
            "test",
            1,
            1L << 40,
            1L << 40,
            maxGroup,
            localBytes,
            null);
    TornadoTarget target =
        new TornadoTarget(TornadoVm.ofThisJvm().target("0").device(), description, 0);
    DeviceProgram device = new DeviceProgram(program);
    Residents residents = new Residents(target, "residents");
    device.settle(residents.prepare(device, batch));
    return new GraphRecorder(
            "graph", "load", device, target, new KernelContext(), new GridScheduler(), batch)
        .record()
        .launches();
  }

  @Test
  void workGroupsThatTheDeviceDoesNotHave() {
    assertThat(launches(product(), 1, "opencl", 256, 17_408)).isEqualTo(2);
    assertThatThrownBy(() -> launches(product(), 1, "opencl", 128, 17_408))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("' needs work-groups of 256 with 1")
        .hasMessageContaining("'a device' has at most 128 and 17408;")
        .hasMessageContaining("backend cpu");
  }

  @Test
  void localMemoryThatTheDeviceDoesNotHave() {
    assertThat(launches(attention(), 1, "opencl", 256, 29_056)).isEqualTo(2);
    assertThatThrownBy(() -> launches(attention(), 1, "opencl", 256, 16 << 10))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(
            "'attention' needs work-groups of 64 with 29056 bytes of local memory")
        .hasMessageContaining("at most 256 and 16384;");
    // The sums of 128 threads and of 16 parts.
    assertThat(launches(norm(), 1, "opencl", 256, 576)).isEqualTo(2);
    assertThatThrownBy(() -> launches(norm(), 1, "opencl", 256, 575))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("'layer_norm' needs work-groups of 128 with 576 bytes");
  }

  @Test
  void moreGroupsAlongYThanCudaTakes() {
    assertThat(launches(attention(), 1023, "ptx", 1024, 48 << 10)).isEqualTo(2);
    assertThat(launches(attention(), 1024, "opencl", 1024, 48 << 10)).isEqualTo(2);
    for (String backend : new String[] {"ptx", "cuda"}) {
      assertThatThrownBy(() -> launches(attention(), 1024, backend, 1024, 48 << 10))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("'attention' needs 1 x 65536 x 1 work-groups")
          .hasMessageContaining("at most 65535")
          .hasMessageContaining("smaller batch");
    }
  }
}
