package io.github.tornadovit.emulator.checks;

import static io.github.tornadovit.emulator.checks.Launcher.counting;
import static io.github.tornadovit.emulator.checks.Launcher.grid;
import static io.github.tornadovit.emulator.checks.Launcher.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Faults of kernels in local memory and at barriers, each beside a kernel that does the same
 * rightly.
 */
class LocalMemoryTest {
  private static final int GROUP = 8;
  private static final int N = 4 * GROUP;

  static void reverse(KernelContext context, FloatArray x, FloatArray y) {
    float[] tile = context.allocateFloatLocalArray(GROUP);
    int local = context.localIdx;
    tile[local] = x.get(context.globalIdx);
    context.localBarrier();
    y.set(context.globalIdx, tile[GROUP - 1 - local]);
  }

  static void reverseWithoutBarrier(KernelContext context, FloatArray x, FloatArray y) {
    float[] tile = context.allocateFloatLocalArray(GROUP);
    int local = context.localIdx;
    tile[local] = x.get(context.globalIdx);
    y.set(context.globalIdx, tile[GROUP - 1 - local]);
  }

  @Test
  void aMissingBarrierAfterTheWriteIsCaught() {
    assertThatThrownBy(
            () -> run(LocalMemoryTest::reverseWithoutBarrier, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining("task 'g.t', group (0, 0, 0): the result depends on")
        .hasMessageContaining("argument 3 (FloatArray of 32) at index");
    assertThat(run(LocalMemoryTest::reverse, counting(N), N, grid(N, GROUP)))
        .startsWith(8, 7, 6, 5, 4, 3, 2, 1, 16);
  }

  static void neighbours(KernelContext context, FloatArray x, FloatArray y) {
    float[] tile = context.allocateFloatLocalArray(GROUP);
    int local = context.localIdx;
    float sum = 0f;
    for (int step = 0; step < 3; step++) {
      tile[local] = x.get(context.globalIdx) * step;
      context.localBarrier();
      sum += tile[(local + 1) % GROUP];
      context.localBarrier();
    }
    y.set(context.globalIdx, sum);
  }

  static void neighboursOverwritten(KernelContext context, FloatArray x, FloatArray y) {
    float[] tile = context.allocateFloatLocalArray(GROUP);
    int local = context.localIdx;
    float sum = 0f;
    for (int step = 0; step < 3; step++) {
      tile[local] = x.get(context.globalIdx) * step;
      context.localBarrier();
      sum += tile[(local + 1) % GROUP];
    }
    y.set(context.globalIdx, sum);
  }

  @Test
  void aMissingBarrierBeforeTheTileIsOverwrittenIsCaught() {
    assertThatThrownBy(
            () -> run(LocalMemoryTest::neighboursOverwritten, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining(
            "depends on the order of its work-items: a race in local memory, a barrier is missing")
        .hasMessageContaining("argument 3 (FloatArray of 32) at index 0 is");
    assertThat(run(LocalMemoryTest::neighbours, counting(N), N, grid(N, GROUP)))
        .startsWith(6, 9, 12);
  }

  static void lastWriterWins(KernelContext context, FloatArray x, FloatArray y) {
    float[] shared = context.allocateFloatLocalArray(1);
    shared[0] = x.get(context.globalIdx);
    context.localBarrier();
    y.set(context.globalIdx, shared[0]);
  }

  static void firstWrites(KernelContext context, FloatArray x, FloatArray y) {
    float[] shared = context.allocateFloatLocalArray(1);
    if (context.localIdx == 0) {
      shared[0] = x.get(context.globalIdx);
    }
    context.localBarrier();
    y.set(context.globalIdx, shared[0]);
  }

  @Test
  void twoWritersOfALocalCellAreCaught() {
    assertThatThrownBy(() -> run(LocalMemoryTest::lastWriterWins, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining("a race in local memory")
        .hasMessageEndingWith("is 8.0 or 1.0");
    assertThat(run(LocalMemoryTest::firstWrites, counting(N), N, grid(N, GROUP)))
        .endsWith(25, 25, 25);
  }

  static void sumOfTile(KernelContext context, FloatArray x, FloatArray y) {
    float[] tile = context.allocateFloatLocalArray(GROUP + 1);
    int local = context.localIdx;
    tile[local] = x.get(context.globalIdx);
    context.localBarrier();
    float sum = 0f;
    for (int i = 0; i <= GROUP; i++) {
      sum += tile[i];
    }
    y.set(context.globalIdx, sum);
  }

  static void countInInts(KernelContext context, FloatArray x, FloatArray y) {
    int[] counts = context.allocateIntLocalArray(GROUP);
    if (context.localIdx > 0) {
      counts[context.localIdx] = context.localIdx;
    }
    context.localBarrier();
    y.set(context.globalIdx, counts[(context.localIdx + 1) % GROUP]);
  }

  @Test
  void aReadOfLocalMemoryThatNothingWroteIsCaught() {
    assertThatThrownBy(() -> run(LocalMemoryTest::sumOfTile, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining("depends on local memory that no work-item wrote")
        .hasMessageContaining("argument 3 (FloatArray of 32) at index 0 is NaN or ");
    assertThatThrownBy(() -> run(LocalMemoryTest::countInInts, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining("depends on local memory that no work-item wrote")
        .hasMessageContaining("at index 7");
  }

  static void beyondTheTile(KernelContext context, FloatArray x, FloatArray y) {
    float[] tile = context.allocateFloatLocalArray(GROUP);
    tile[context.localIdx + 1] = x.get(context.globalIdx);
    context.localBarrier();
    y.set(context.globalIdx, tile[context.localIdx]);
  }

  @Test
  void aLocalIndexOutOfBoundsIsCaught() {
    assertThatThrownBy(() -> run(LocalMemoryTest::beyondTheTile, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining(
            "work-item (7, 0, 0) of group (0, 0, 0) in beyondTheTile(LocalMemoryTest.java:")
        .hasMessageContaining("ArrayIndexOutOfBoundsException: Index 8 out of bounds for length 8");
  }

  static void someSkipTheBarrier(KernelContext context, FloatArray x, FloatArray y) {
    if (context.localIdx != 3) {
      context.localBarrier();
    }
    y.set(context.globalIdx, x.get(context.globalIdx));
  }

  static void earlyReturn(KernelContext context, FloatArray x, FloatArray y) {
    if (context.globalIdx >= x.getSize()) {
      return;
    }
    context.localBarrier();
    y.set(context.globalIdx, x.get(context.globalIdx));
  }

  static void twoBarriers(KernelContext context, FloatArray x, FloatArray y) {
    if (context.localIdx < 4) {
      context.localBarrier();
      y.set(context.globalIdx, x.get(context.globalIdx));
    } else {
      context.localBarrier();
      y.set(context.globalIdx, 0f);
    }
  }

  static void barrierOfWholeGroups(KernelContext context, FloatArray x, FloatArray y) {
    if (context.groupIdx == 1) {
      context.localBarrier();
    }
    y.set(context.globalIdx, x.get(context.globalIdx));
  }

  @Test
  void barrierDivergenceIsCaught() {
    assertThatThrownBy(
            () -> run(LocalMemoryTest::someSkipTheBarrier, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining("work-item (3, 0, 0) of group (0, 0, 0)")
        .hasMessageContaining(
            "ends where work-item (0, 0, 0) of group (0, 0, 0) waits at the barrier in someSkipTheBarrier");
    assertThatThrownBy(
            () -> run(LocalMemoryTest::earlyReturn, counting(N - 3), N - 3, grid(N, GROUP)))
        .hasMessageContaining("work-item (29, 0, 0) of group (3, 0, 0)")
        .hasMessageContaining("ends where");
    assertThatThrownBy(() -> run(LocalMemoryTest::twoBarriers, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining("work-item (4, 0, 0)")
        .hasMessageContaining("waits at the barrier in twoBarriers(LocalMemoryTest.java:");
    assertThat(run(LocalMemoryTest::barrierOfWholeGroups, counting(N), N, grid(N, GROUP)))
        .hasSize(N);
  }

  static void tooMuch(KernelContext context, FloatArray x, FloatArray y) {
    float[] tile = context.allocateFloatLocalArray(12 * 1024);
    int[] more = context.allocateIntLocalArray(y.getSize());
    tile[context.localIdx] = more.length;
    y.set(context.globalIdx, x.get(context.globalIdx));
  }

  static void exactly(KernelContext context, FloatArray x, FloatArray y) {
    float[] tile = context.allocateFloatLocalArray(12 * 1024);
    tile[context.localIdx] = x.get(context.globalIdx);
    y.set(context.globalIdx, tile[context.localIdx]);
  }

  @Test
  void tooMuchLocalMemoryIsCaught() {
    assertThatThrownBy(() -> run(LocalMemoryTest::tooMuch, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining("allocates 49280 bytes of local memory, at most 49152 fit");
    assertThat(run(LocalMemoryTest::exactly, counting(N), N, grid(N, GROUP))).hasSize(N);
  }

  static void ownSize(KernelContext context, FloatArray x, FloatArray y) {
    float[] tile = context.allocateFloatLocalArray(1 + context.localIdx);
    tile[0] = x.get(context.globalIdx);
    y.set(context.globalIdx, tile[0]);
  }

  @Test
  void localArraysOfDifferentSizesAreCaught() {
    assertThatThrownBy(() -> run(LocalMemoryTest::ownSize, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining(
            "allocates local array 0 as float[2], another work-item of its group differently");
  }

  static void throwsBetweenBarriers(KernelContext context, FloatArray x, FloatArray y) {
    context.localBarrier();
    if (context.localIdx == 2) {
      throw new IllegalStateException("no");
    }
    context.localBarrier();
    y.set(context.globalIdx, x.get(context.globalIdx));
  }

  @Test
  void whatAKernelThrowsBetweenBarriersIsReportedWithItsWorkItem() {
    assertThatThrownBy(
            () -> run(LocalMemoryTest::throwsBetweenBarriers, counting(N), N, grid(N, GROUP)))
        .hasMessageContaining(
            "work-item (2, 0, 0) of group (0, 0, 0) in throwsBetweenBarriers(LocalMemoryTest.java:")
        .hasMessageContaining("throws java.lang.IllegalStateException: no");
  }
}
