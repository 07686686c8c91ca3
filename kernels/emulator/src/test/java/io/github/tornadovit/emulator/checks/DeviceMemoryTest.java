package io.github.tornadovit.emulator.checks;

import static io.github.tornadovit.emulator.checks.Launcher.counting;
import static io.github.tornadovit.emulator.checks.Launcher.grid;
import static io.github.tornadovit.emulator.checks.Launcher.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.emulator.EmulatorException;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Faults of kernels in device arrays, each beside a kernel that does the same rightly. */
class DeviceMemoryTest {
  private static final int N = 10;

  static void shifted(KernelContext context, FloatArray x, FloatArray y) {
    y.set(context.globalIdx, x.get(context.globalIdx + 1));
  }

  static void guarded(KernelContext context, FloatArray x, FloatArray y) {
    int i = context.globalIdx;
    if (i < y.getSize()) {
      y.set(i, i + 1 < x.getSize() ? x.get(i + 1) : 0f);
    }
  }

  @Test
  void aReadOutOfBoundsIsCaught() {
    assertThatThrownBy(() -> run(DeviceMemoryTest::shifted, counting(N), N, grid(N, 5)))
        .isInstanceOf(EmulatorException.class)
        .hasMessageStartingWith(
            "task 'g.t', work-item (9, 0, 0) of group (1, 0, 0) in shifted(DeviceMemoryTest.java:")
        .hasMessageEndingWith(") reads argument 2 (FloatArray of 10) out of bounds at index 10");
    assertThat(run(DeviceMemoryTest::guarded, counting(N), N, grid(N, 5)))
        .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 0);
  }

  static void unguarded(KernelContext context, FloatArray x, FloatArray y) {
    y.set(context.globalIdx, 1f);
  }

  @Test
  void aWriteOutOfBoundsIsCaught() {
    assertThatThrownBy(() -> run(DeviceMemoryTest::unguarded, counting(N), N, grid(16, 8)))
        .hasMessageContaining("work-item (10, 0, 0) of group (1, 0, 0)")
        .hasMessageContaining("writes argument 3 (FloatArray of 10) out of bounds at index 10");
    assertThat(run(DeviceMemoryTest::guarded, counting(N), N, grid(16, 8))).hasSize(N);
  }

  static void halved(KernelContext context, FloatArray x, FloatArray y) {
    y.set(context.globalIdx / 2, x.get(context.globalIdx));
  }

  static void pairs(KernelContext context, FloatArray x, FloatArray y) {
    int i = context.globalIdx;
    y.set(i, x.get(2 * i));
    y.set(i, y.get(i) + x.get(2 * i + 1));
  }

  @Test
  void twoWritersOfACellAreCaught() {
    assertThatThrownBy(() -> run(DeviceMemoryTest::halved, counting(N), N / 2, grid(N, 1)))
        .hasMessageContaining("work-item (1, 0, 0) of group (1, 0, 0)")
        .hasMessageContaining("writes argument 3 (FloatArray of 5) at index 0")
        .hasMessageEndingWith(
            "which work-item (0, 0, 0) of group (0, 0, 0) wrote too in the same launch");
    assertThat(run(DeviceMemoryTest::pairs, counting(N), N / 2, grid(N / 2, 1)))
        .containsExactly(3, 7, 11, 15, 19);
  }

  static void readsBehind(KernelContext context, FloatArray x, FloatArray y) {
    int i = context.globalIdx;
    y.set(i, i == 0 ? x.get(0) : y.get(i - 1) + x.get(i));
  }

  static void writesBehind(KernelContext context, FloatArray x, FloatArray y) {
    int i = context.globalIdx;
    float ahead = x.get(Math.min(i + 1, x.getSize() - 1));
    x.set(i, ahead);
    y.set(i, ahead);
  }

  static void inPlace(KernelContext context, FloatArray x, FloatArray y) {
    int i = context.globalIdx;
    x.set(i, 2f * x.get(i));
    y.set(i, x.get(i));
  }

  @Test
  void aReadOfWhatAnotherWorkItemWroteIsCaught() {
    assertThatThrownBy(() -> run(DeviceMemoryTest::readsBehind, counting(N), N, grid(N, 5)))
        .hasMessageContaining("work-item (1, 0, 0)")
        .hasMessageContaining(
            "reads argument 3 (FloatArray of 10) at index 0, which work-item (0, 0, 0)")
        .hasMessageEndingWith("wrote in the same launch");
    assertThat(run(DeviceMemoryTest::inPlace, counting(N), N, grid(N, 5))[9]).isEqualTo(20);
  }

  @Test
  void aWriteOfWhatAnotherWorkItemReadIsCaught() {
    assertThatThrownBy(() -> run(DeviceMemoryTest::writesBehind, counting(N), N, grid(N, 5)))
        .hasMessageContaining("work-item (1, 0, 0)")
        .hasMessageContaining(
            "writes argument 2 (FloatArray of 10) at index 1, which work-item (0, 0, 0)")
        .hasMessageEndingWith("read in the same launch");
  }

  static void accumulate(KernelContext context, FloatArray x, FloatArray y) {
    int i = context.globalIdx;
    y.set(i, y.get(i) + x.get(i));
  }

  @Test
  void aReadOfACellThatNothingWroteIsCaught() {
    assertThatThrownBy(() -> run(DeviceMemoryTest::accumulate, counting(N), N, grid(N, 5)))
        .hasMessageContaining(
            "reads argument 3 (FloatArray of 10) at index 0, which nothing ever wrote");
    assertThat(run(DeviceMemoryTest::pairs, counting(N), N / 2, grid(N / 2, 5))).hasSize(N / 2);
  }

  static void throwsAtSeven(KernelContext context, FloatArray x, FloatArray y) {
    int i = context.globalIdx;
    y.set(i, x.get(i) / (i - 7 == 0 ? 1 / (i - 7) : 1));
  }

  @Test
  void whatAKernelThrowsIsReportedWithItsWorkItem() {
    assertThatThrownBy(() -> run(DeviceMemoryTest::throwsAtSeven, counting(N), N, grid(N, 5)))
        .hasMessageStartingWith(
            "task 'g.t', work-item (7, 0, 0) of group (1, 0, 0) in throwsAtSeven(DeviceMemoryTest")
        .hasMessageEndingWith("throws java.lang.ArithmeticException: / by zero")
        .hasCauseInstanceOf(ArithmeticException.class);
  }

  static void hostCalls(KernelContext context, FloatArray x, FloatArray y) {
    y.init(x.get(0));
  }

  @Test
  void kernelsAndHostKeepToTheirSides() {
    assertThatThrownBy(() -> run(DeviceMemoryTest::hostCalls, counting(N), N, grid(1, 1)))
        .hasMessageContaining("a kernel can get and set elements");
    assertThatThrownBy(() -> new KernelContext().localBarrier())
        .hasMessageContaining("as plain Java");
    assertThatThrownBy(() -> new FloatArray(N).get(N))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new IntArray(N).set(-1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  static void gather(FloatArray x, IntArray index, float scale, FloatArray y) {
    for (int i = 0; i < y.getSize(); i++) {
      y.set(i, scale * x.get(index.get(i)));
    }
  }

  @Test
  void aTaskWithoutContextRunsOnce() {
    var index = IntArray.fromElements(2, 0, 1);
    var y = new FloatArray(3);
    FloatArray x = counting(3);
    var graph =
        new TaskGraph("g")
            .transferToDevice(DataTransferMode.FIRST_EXECUTION, x, index)
            .task("t", DeviceMemoryTest::gather, x, index, 2f, y)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    Launcher.execute(new uk.ac.manchester.tornado.api.GridScheduler(), graph.snapshot());
    assertThat(y.toHeapArray()).containsExactly(6, 2, 4);
  }
}
