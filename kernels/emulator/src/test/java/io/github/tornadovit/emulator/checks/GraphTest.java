package io.github.tornadovit.emulator.checks;

import static io.github.tornadovit.emulator.checks.Launcher.counting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static uk.ac.manchester.tornado.api.enums.DataTransferMode.EVERY_EXECUTION;
import static uk.ac.manchester.tornado.api.enums.DataTransferMode.FIRST_EXECUTION;
import static uk.ac.manchester.tornado.api.enums.DataTransferMode.UNDER_DEMAND;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** What crosses between host and device, and when; what stays there; and what a graph can hold. */
class GraphTest {
  private static final int N = 4;

  private final FloatArray x = counting(N);
  private final FloatArray w = counting(N);
  private final FloatArray y = new FloatArray(N);

  static void multiply(FloatArray x, FloatArray w, FloatArray y) {
    for (@Parallel int i = 0; i < y.getSize(); i++) {
      y.set(i, x.get(i) * w.get(i));
    }
  }

  static void fill(FloatArray y, float value, int count) {
    for (@Parallel int i = 0; i < count; i++) {
      y.set(i, value);
    }
  }

  private TaskGraph graph(int modeOfX, int modeOfW) {
    return new TaskGraph("g")
        .transferToDevice(modeOfX, x)
        .transferToDevice(modeOfW, w)
        .task("t", GraphTest::multiply, x, w, y)
        .transferToHost(EVERY_EXECUTION, y);
  }

  private static TornadoExecutionPlan plan(TaskGraph... graphs) {
    var snapshots = new uk.ac.manchester.tornado.api.ImmutableTaskGraph[graphs.length];
    for (int i = 0; i < graphs.length; i++) {
      snapshots[i] = graphs[i].snapshot();
    }
    return new TornadoExecutionPlan(snapshots);
  }

  @Test
  void arraysComeOnceOrEveryTimeAsTheGraphSays() {
    var plan = plan(graph(EVERY_EXECUTION, FIRST_EXECUTION));
    plan.execute();
    assertThat(y.toHeapArray()).containsExactly(1, 4, 9, 16);
    x.init(2f);
    w.init(0f);
    plan.execute();
    assertThat(y.toHeapArray()).containsExactly(2, 4, 6, 8);
    plan.freeDeviceMemory().execute();
    assertThat(y.toHeapArray()).containsOnly(0);
  }

  @Test
  void aForgottenTransferToTheDeviceIsCaught() {
    var graph =
        new TaskGraph("g")
            .transferToDevice(EVERY_EXECUTION, x)
            .task("t", GraphTest::multiply, x, w, y)
            .transferToHost(EVERY_EXECUTION, y);
    assertThatThrownBy(() -> plan(graph).execute())
        .hasMessageContaining("task 'g.t'")
        .hasMessageContaining(
            "reads argument 2 (FloatArray of 4) at index 0, which nothing ever wrote");
  }

  @Test
  void withoutATransferNothingComesBack() {
    plan(new TaskGraph("g")
            .transferToDevice(EVERY_EXECUTION, x, w)
            .task("t", GraphTest::multiply, x, w, y))
        .execute();
    assertThat(y.toHeapArray()).containsOnly(0);
  }

  @Test
  void anOutputThatNoTaskWritesIsCaught() {
    var graph = graph(EVERY_EXECUTION, EVERY_EXECUTION).transferToHost(EVERY_EXECUTION, w);
    assertThatThrownBy(() -> plan(graph).execute())
        .hasMessageContaining(
            "graph 'g' transfers an array of 4 to the host that none of its tasks writes");
  }

  /** TornadoVM goes by what the code may write; no work-item of a proof does. */
  @Test
  void whatWasOnTheDeviceBeforeComesBackAsItWas() {
    var back =
        new TaskGraph("back")
            .consumeFromDevice("g", w)
            .task("t", GraphTest::fill, w, 0f, 0)
            .transferToHost(EVERY_EXECUTION, w);
    var plan =
        new TornadoExecutionPlan(
            graph(EVERY_EXECUTION, EVERY_EXECUTION).persistOnDevice(w).snapshot(), back.snapshot());
    plan.withGraph(0).execute();
    float[] sent = w.toHeapArray();
    w.init(-1);
    plan.withGraph(1).execute();
    assertThat(w.toHeapArray()).containsExactly(sent);
  }

  @Test
  void anOutputWrittenInPartIsCaughtEvenIfItWasUploaded() {
    var graph =
        new TaskGraph("g")
            .transferToDevice(EVERY_EXECUTION, y)
            .task("t", GraphTest::fill, y, 1f, 3)
            .transferToHost(EVERY_EXECUTION, y);
    assertThatThrownBy(() -> plan(graph).execute())
        .hasMessage(
            "graph 'g' transfers an array of 4 (argument 1 (FloatArray of 4)) to the host, but nothing ever wrote index 3");
  }

  @Test
  void intermediateArraysHoldNothingInTheNextExecution() {
    var between = new FloatArray(N);
    var graph =
        new TaskGraph("g")
            .transferToDevice(EVERY_EXECUTION, x)
            .task("first", GraphTest::fill, between, 2f, N)
            .task("second", GraphTest::multiply, x, between, y)
            .transferToHost(EVERY_EXECUTION, y);
    var plan = plan(graph);
    plan.execute();
    plan.execute();
    assertThat(y.toHeapArray()).containsExactly(2, 4, 6, 8);
    assertThat(between.toHeapArray()).containsOnly(0);
  }

  @Test
  void whatIsKeptComesOnDemandWholeOrInPart() {
    var graph =
        new TaskGraph("g")
            .transferToDevice(EVERY_EXECUTION, x, w)
            .task("t", GraphTest::multiply, x, w, y)
            .transferToHost(UNDER_DEMAND, y);
    var result = plan(graph).execute();
    assertThat(y.toHeapArray()).containsOnly(0);
    result.transferToHost(new DataRange(y).withOffset(1).withSize(2));
    assertThat(y.toHeapArray()).containsExactly(0, 4, 9, 0);
    result.transferToHost(y);
    assertThat(y.toHeapArray()).containsExactly(1, 4, 9, 16);
    assertThatThrownBy(() -> result.transferToHost(x))
        .hasMessageContaining("does not keep the array");
    assertThatThrownBy(() -> result.transferToHost(new DataRange(y).withOffset(3).withSize(2)))
        .hasMessageContaining("is asked for elements 3 to 5 of an array of 4");
  }

  private TaskGraph user(String name, boolean carries) {
    var graph =
        new TaskGraph(name)
            .consumeFromDevice("load", w)
            .transferToDevice(EVERY_EXECUTION, x)
            .task("t", GraphTest::multiply, x, w, y)
            .transferToHost(EVERY_EXECUTION, y);
    return carries ? graph.persistOnDevice(w) : graph;
  }

  private TaskGraph load() {
    return new TaskGraph("load").transferToDevice(FIRST_EXECUTION, w).persistOnDevice(w);
  }

  @Test
  void graphsShareWhatEachOfThemCarries() {
    var plan = plan(load(), user("one", true), user("eight", true));
    plan.withGraph(0).execute();
    w.init(0f);
    for (int i = 0; i < 4; i++) {
      y.init(0f);
      plan.withGraph(1 + i % 2).execute();
      assertThat(y.toHeapArray()).containsExactly(1, 4, 9, 16);
    }
    assertThat(plan.getCurrentDeviceMemoryUsage()).isEqualTo(4L * N * (1 + 2 + 2));
  }

  @Test
  void aGraphThatDoesNotCarryBreaksTheChain() {
    assertThatThrownBy(() -> plan(load(), user("one", true)).withGraph(1).execute())
        .hasMessage(
            "graph 'one' consumes an array of 4 from graph 'load', but no graph ran before");
    var plan = plan(load(), user("one", false), user("eight", true));
    plan.withGraph(0).execute();
    plan.withGraph(1).execute();
    assertThatThrownBy(() -> plan.withGraph(2).execute())
        .hasMessage(
            "graph 'eight' consumes an array of 4 from graph 'load', but graph 'one', which ran before, does not persist it");
  }

  @Test
  void plansThatHaveAGraphInCommonShareItsArrays() {
    ImmutableTaskGraph load = load().snapshot();
    ImmutableTaskGraph user = user("one", true).snapshot();
    ImmutableTaskGraph other = user("eight", true).snapshot();
    var first = new TornadoExecutionPlan(load, user);
    first.withGraph(0).execute();
    first.withGraph(1).execute();
    float[] before = y.toHeapArray();
    w.init(100f);
    var second = new TornadoExecutionPlan(load, other);
    second.withGraph(0).execute();
    second.withGraph(1).execute();
    assertThat(y.toHeapArray()).as("not uploaded again").containsExactly(before);
    first.withGraph(1).freeDeviceMemory();
    assertThatThrownBy(second::execute).hasMessageContaining("which was freed");
    assertThatThrownBy(() -> first.withGraph(0).freeDeviceMemory())
        .hasMessage("an array is freed that was freed before");
  }

  @Test
  void aPlanIsNotUsedFromTwoThreadsNorAfterAFailureNorAfterClosing() throws Exception {
    var plan = plan(graph(EVERY_EXECUTION, EVERY_EXECUTION));
    plan.execute();
    assertThatThrownBy(() -> CompletableFuture.runAsync(plan::execute).join())
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("keeps a queue for each thread");
    plan.close();
    assertThatThrownBy(plan::execute).hasMessage("the plan is used after it was closed");
    var failing = plan(new TaskGraph("g").task("t", GraphTest::multiply, x, w, y));
    assertThatThrownBy(failing::execute).hasMessageContaining("which nothing ever wrote");
    assertThatThrownBy(failing::execute).hasMessageContaining("used after an execution failed");
  }

  @Test
  void wrongDefinitionsAreCaught() {
    var graph = new TaskGraph("g").task("t", GraphTest::fill, y, 1f, N);
    assertThatThrownBy(() -> graph.task("t", GraphTest::fill, y, 1f, N))
        .hasMessageContaining("two tasks of the name 't'");
    assertThatThrownBy(
            () -> graph.task("u", (FloatArray a, Boolean b) -> a.set(0, b ? 1 : 0), y, true))
        .hasMessageContaining("task 'g.u' is given java.lang.Boolean");
    assertThatThrownBy(() -> graph.transferToHost(FIRST_EXECUTION, y))
        .hasMessageContaining("FIRST_EXECUTION");
    assertThatThrownBy(() -> graph.transferToDevice(UNDER_DEMAND, y))
        .hasMessageContaining("with mode 2");
    assertThatThrownBy(() -> graph.transferToDevice(EVERY_EXECUTION, 1))
        .hasMessageContaining("no FloatArray, HalfFloatArray or IntArray");
    assertThatThrownBy(() -> load().consumeFromDevice(w).snapshot())
        .hasMessageContaining("both consumes and uploads");
    assertThatThrownBy(() -> plan(graph).withGraph(1))
        .hasMessageContaining("graph 1 is asked for, the plan has 1");
  }

  @Test
  void graphsOfOneNameHaveTheSameCode() {
    TaskGraph ones = new TaskGraph("g").task("t", GraphTest::fill, y, 1f, N);
    TaskGraph twos = new TaskGraph("g").task("t", GraphTest::fill, y, 2f, N);
    TaskGraph products = new TaskGraph("g").task("t", GraphTest::multiply, x, w, y);
    TaskGraph others = new TaskGraph("g").task("u", GraphTest::fill, y, 2f, N);
    assertThatThrownBy(() -> plan(ones, twos)).hasMessageContaining("two graphs have a task 'g.t'");
    assertThatThrownBy(() -> plan(ones, products)).hasMessageContaining("compiles one of them");
    assertThat(plan(ones, others, ones)).isNotNull();
  }

  @Test
  void graphsBeyondTheLimitsOfTornadoVmAreCaught() {
    assertThatThrownBy(() -> fills(300).snapshot())
        .hasMessageContaining("has 300 tasks, TornadoVM takes at most 256");
    // Each fill takes 15 + 3 * 5 bytes of descriptor, and 33 + 3 * 5 of bytecode.
    assertThatThrownBy(() -> fills(86).snapshot())
        .hasMessageContaining("has 4128 bytes of bytecode, TornadoVM takes at most 4096");
    assertThat(fills(85).snapshot()).isNotNull();
    var many = new TaskGraph("many");
    for (int i = 0; i < 80; i++) {
      many.task(
          "t" + i,
          (FloatArray a, FloatArray b, FloatArray c, FloatArray d) -> a.set(0, b.get(0)),
          new FloatArray(1),
          new FloatArray(1),
          new FloatArray(1),
          new FloatArray(1));
    }
    assertThatThrownBy(many::snapshot)
        .hasMessageContaining("has 1121 nodes, TornadoVM takes at most 1024");
    var wide = new TaskGraph("wide");
    for (int i = 0; i < 95; i++) {
      wide.task("t" + i, GraphTest::wide, y, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    }
    assertThatThrownBy(wide::snapshot)
        .hasMessageContaining("has 8550 bytes of descriptor, TornadoVM takes at most 8192");
  }

  static void wide(
      FloatArray y,
      int a,
      int b,
      int c,
      int d,
      int e,
      int f,
      int g,
      int h,
      int i,
      int j,
      int k,
      int l,
      int m,
      int n) {
    y.set(0, a + b + c + d + e + f + g + h + i + j + k + l + m + n);
  }

  private TaskGraph fills(int tasks) {
    var graph = new TaskGraph("g");
    for (int i = 0; i < tasks; i++) {
      graph.task("t" + i, GraphTest::fill, y, 1f, N);
    }
    return graph;
  }
}
