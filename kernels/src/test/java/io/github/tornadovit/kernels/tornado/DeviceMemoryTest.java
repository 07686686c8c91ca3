package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceKind;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import org.junit.jupiter.api.Test;

/** Memory is counted before anything is allocated. */
class DeviceMemoryTest {
  private static final Buffer X = new Buffer("x", 1, 1024);
  private static final Buffer Y = new Buffer("y", 1, 2048);

  /** Weights of 1,025 rows of 2,048 floats as a GPU's kernels take them. */
  private static final long WEIGHT_BYTES = 4L * (1024 + 1) * 2048;

  private static DeviceMemory memory(long free, long maxAllocation) {
    Weight weight = Weight.of("w", 2048, 1024, new float[2048 * 1024]);
    Program program = new Program.Builder(X).then(Linear.of(X, weight, null, Y)).output(Y).build();
    DeviceDescription device =
        new DeviceDescription(
            0, "a device", DeviceKind.GPU, "opencl", "test", 1, free, maxAllocation, 1, 1, null);
    TornadoTarget target = new TornadoTarget(TornadoVm.ofThisJvm().target("0").device(), device, 0);
    return new DeviceMemory(
        new DeviceProgram(program), new Residents(target, "none"), target, free);
  }

  @Test
  void countsWeightsBuffersAndTheInputOfEveryBatchSize() {
    // Batch sizes 1, 2, 4, 8: 15 images of 1,024 floats, a number behind each of the four; 8 images
    // of output; the count of launches.
    assertThat(memory(1L << 30, 1L << 30).bytes(8))
        .isEqualTo(WEIGHT_BYTES + 4 * (15 * 1024 + 4 + 8 * 2048 + 2));
  }

  @Test
  void takesTheLargestBatchThatFits() {
    DeviceMemory all = memory(1L << 30, 1L << 30);
    assertThat(all.largestBatch(8)).isEqualTo(8);
    assertThat(memory(all.bytes(8), 1L << 30).largestBatch(8)).isEqualTo(8);
    assertThat(memory(all.bytes(8) - 1, 1L << 30).largestBatch(8)).isEqualTo(4);
    assertThat(memory(all.bytes(1), 1L << 30).largestBatch(7)).isEqualTo(1);
    assertThat(memory(1L << 30, WEIGHT_BYTES).largestBatch(4096)).isEqualTo(1024);
  }

  @Test
  void saysWhatIsNeededWhereNotOneImageFits() {
    assertThatThrownBy(() -> memory(8L << 20, 1L << 30).largestBatch(4))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("needs 9 MiB for one image")
        .hasMessageContaining("'a device' has 8 MiB free")
        .hasMessageContaining("--device")
        .hasMessageContaining("tornado.device.memory");
    assertThatThrownBy(() -> memory(1L << 30, 1L << 20).largestBatch(4))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("gives 1 MiB in one piece");
  }

  @Test
  void batchSizesArePowersOfTwoAndTheLargest() {
    assertThat(DeviceMemory.buckets(1)).containsExactly(1);
    assertThat(DeviceMemory.buckets(6)).containsExactly(1, 2, 4, 6);
    assertThat(DeviceMemory.buckets(8)).containsExactly(1, 2, 4, 8);
  }
}
