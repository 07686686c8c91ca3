package io.github.tornadovit.emulator.checks;

import static io.github.tornadovit.emulator.checks.Launcher.counting;
import static io.github.tornadovit.emulator.checks.Launcher.grid;
import static io.github.tornadovit.emulator.checks.Launcher.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Grids, and where a work-item finds itself in them. */
class LaunchTest {
  static void copy(KernelContext context, FloatArray x, FloatArray y) {
    y.set(context.globalIdx, x.get(context.globalIdx));
  }

  @Test
  void aLocalSizeThatDoesNotDivideIsCaught() {
    assertThatThrownBy(() -> run(LaunchTest::copy, counting(10), 10, grid(10, 4)))
        .hasMessage(
            "task 'g.t' has a local size that does not divide the global size: global [10, 1, 1], local [4, 1, 1]");
    assertThat(run(LaunchTest::copy, counting(10), 10, grid(10, 2))).hasSize(10);
  }

  @Test
  void anEmptyGridIsCaught() {
    assertThatThrownBy(() -> run(LaunchTest::copy, counting(10), 10, grid(0, 1)))
        .hasMessageContaining("empty grid");
  }

  @Test
  void aGridWithoutLocalSizeIsCaught() {
    assertThatThrownBy(() -> run(LaunchTest::copy, counting(10), 10, new WorkerGrid1D(10)))
        .hasMessage("task 'g.t' has a grid without local size; the driver would choose one");
  }

  @Test
  void aGroupOfMoreThan1024IsCaught() {
    assertThatThrownBy(() -> run(LaunchTest::copy, counting(2048), 2048, grid(2048, 2048)))
        .hasMessage("task 'g.t' has groups of 2048 work-items, at most 1024 run everywhere");
    assertThat(run(LaunchTest::copy, counting(2048), 2048, grid(2048, 1024))).hasSize(2048);
  }

  private static TaskGraph graph(FloatArray x, FloatArray y) {
    return new TaskGraph("g")
        .transferToDevice(DataTransferMode.FIRST_EXECUTION, x)
        .task("t", LaunchTest::copy, new KernelContext(), x, y)
        .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
  }

  @Test
  void aContextWithoutGridIsCaught() {
    var graph = graph(counting(10), new FloatArray(10)).snapshot();
    assertThatThrownBy(() -> Launcher.execute(new GridScheduler(), graph))
        .hasMessage(
            "task 'g.t' takes a KernelContext and has no worker grid; TornadoVM would run one work-item");
  }

  @Test
  void aGridOfNoTaskIsCaught() {
    var graph = graph(counting(10), new FloatArray(10)).snapshot();
    var grids = new GridScheduler("g.t", grid(10, 5));
    grids.addWorkerGrid("g.u", grid(10, 5));
    assertThatThrownBy(() -> Launcher.execute(grids, graph))
        .hasMessage("the grid 'g.u' is of no task of the plan");
  }

  static void places(KernelContext context, FloatArray x, FloatArray y) {
    int width = context.globalGroupSizeX;
    int height = context.globalGroupSizeY;
    int at = (context.globalIdz * height + context.globalIdy) * width + context.globalIdx;
    int inX = context.groupIdx * context.localGroupSizeX + context.localIdx;
    int inY = context.groupIdy * context.localGroupSizeY + context.localIdy;
    int inZ = context.groupIdz * context.localGroupSizeZ + context.localIdz;
    int again = (inZ * height + inY) * width + inX;
    y.set(at, again + x.getSize() * context.globalGroupSizeZ);
  }

  @Test
  void everyWorkItemRunsOnceAndKnowsItsPlace() {
    WorkerGrid one = new WorkerGrid1D(24);
    WorkerGrid two = new WorkerGrid2D(6, 4);
    WorkerGrid three = new WorkerGrid3D(2, 6, 4);
    one.setLocalWork(3, 1, 1);
    two.setLocalWork(3, 2, 1);
    three.setLocalWork(2, 3, 4);
    float[] expected = new float[48];
    IntStream.range(0, 48).forEach(i -> expected[i] = i);
    assertThat(run(LaunchTest::places, new FloatArray(0), 24, one))
        .startsWith(0, 1, 2, 3)
        .endsWith(22, 23);
    assertThat(run(LaunchTest::places, new FloatArray(0), 24, two))
        .startsWith(0, 1, 2, 3)
        .endsWith(22, 23);
    assertThat(run(LaunchTest::places, new FloatArray(0), 48, three)).containsExactly(expected);
    assertThat(one.dimension() + two.dimension() + three.dimension()).isEqualTo(6);
  }
}
