package io.github.tornadovit.emulator.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.emulator.EmulatorException;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;

/** Arrays of float16: 16 bits an element on the host, a cell of its own on the device. */
class HalvesTest {
  private static final int SIZE = 5;

  /** A third of each element. */
  static void third(KernelContext context, HalfFloatArray x, HalfFloatArray y) {
    int i = context.globalIdx;
    y.set(i, new HalfFloat(x.get(i).getFloat32() / 3));
  }

  private static HalfFloatArray run(int threads) {
    var x = new HalfFloatArray(SIZE);
    for (int i = 0; i < SIZE; i++) {
      x.set(i, new HalfFloat(i - 2f));
    }
    var y = new HalfFloatArray(SIZE);
    var graph =
        new TaskGraph("g")
            .transferToDevice(DataTransferMode.FIRST_EXECUTION, x)
            .task("t", HalvesTest::third, new KernelContext(), x, y)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    Launcher.execute(new GridScheduler("g.t", Launcher.grid(threads, 1)), graph.snapshot());
    return y;
  }

  @Test
  void aKernelReadsAndRounds() {
    HalfFloatArray y = run(SIZE);
    assertThat(y.getSegment().byteSize()).isEqualTo(Short.BYTES * SIZE);
    for (int i = 0; i < SIZE; i++) {
      assertThat(y.get(i).getHalfFloatValue()).isEqualTo(Float.floatToFloat16((i - 2f) / 3));
    }
  }

  @Test
  void boundsAndWhatNobodyWroteAreChecked() {
    assertThatThrownBy(() -> run(SIZE + 1))
        .isInstanceOf(EmulatorException.class)
        .hasMessageContaining("reads argument 2 (HalfFloatArray of 5) out of bounds at index 5");
    assertThatThrownBy(() -> run(SIZE - 1))
        .isInstanceOf(EmulatorException.class)
        .hasMessageContaining("nothing ever wrote index 4");
  }
}
