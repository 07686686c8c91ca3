package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.TestBackends;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch sizes that share a device's memory, programs that need several graphs, and profiles. */
class TornadoPlanTest {
  private static final Buffer X = new Buffer("x", 3, 5);
  private static final Buffer STATE = new Buffer("state", 3, 5);

  static Stream<TornadoBackend> devices() {
    return TestBackends.devices();
  }

  /** So many blocks that read and write one state, an output in the first of them. */
  private static Program deep(int blocks, RandomValues values) {
    Weight shared = values.weight(1, 5);
    Buffer state = new Buffer("state", 3, 5);
    Program.Builder program = new Program.Builder(X).then(new SelectTokens(X, 0, state));
    for (int block = 0; block < blocks; block++) {
      program.section("block " + block);
      for (int branch = 0; branch < 2; branch++) {
        Buffer normed = new Buffer("normed", 3, 5);
        boolean last = block == blocks - 1 && branch == 1;
        Buffer sum = last ? STATE : new Buffer("state", 3, 5);
        program
            .then(new LayerNorm(state, shared, values.weight(1, 5), 1e-6f, normed))
            .then(Linear.residual(state, normed, values.weight(5, 5), null, null, sum));
        state = sum;
      }
      if (block == 0) {
        program.output(state);
      }
    }
    return program.output(STATE).build();
  }

  @Test
  void equalSectionsAreCompiledOnce() {
    RandomValues values = new RandomValues(1);
    Program program = deep(40, values);
    Agreement.check("40 blocks", program, values, Tolerance.reduction(500));
    try (TornadoBackend device = new TornadoBackend();
        TornadoPlan plan = (TornadoPlan) device.plan(program, 1)) {
      assertThat(plan.tasks(1)).hasSize(1 + 40 * 4);
      assertThat(plan.compiled(1))
          .as("the first section, a block, and but for PTX of the other blocks the last task")
          .hasSize(1 + 4 + (TornadoVm.ofThisJvm().target(null).compilesLastTaskAlways() ? 39 : 0));
    }
  }

  /** As TornadoVM does, the emulator takes a task for compiled that has the name of another. */
  @ParameterizedTest
  @MethodSource("devices")
  void sectionsThatDifferInOneNumberAreCompiledEach(TornadoBackend device) {
    RandomValues values = new RandomValues(9);
    Weight shared = values.weight(1, 5);
    Program.Builder program = new Program.Builder(X);
    Buffer state = X;
    float[] epsilons = {1e-6f, 0.5f, 1e-6f, 0.5f};
    for (float epsilon : epsilons) {
      program.section("epsilon " + epsilon);
      Buffer normed = new Buffer("normed", 3, 5);
      Buffer next = new Buffer("next", 3, 5);
      program
          .then(new LayerNorm(state, shared, shared, epsilon, normed))
          .then(Linear.of(normed, values.weight(5, 5), null, next));
      state = next;
    }
    Program built = program.output(state).build();
    float[] input = values.array(X.size());
    try (device;
        Plan reference = TestBackends.reference().plan(built, 1);
        TornadoPlan plan = (TornadoPlan) device.plan(built, 1)) {
      for (int pass = 0; pass < 2; pass++) {
        Tolerance.reduction(40)
            .check("pass " + pass, plan.run(input, 1).of(state), reference.run(input, 1).of(state));
      }
      assertThat(plan.compiled(1).subList(0, 4))
          .extracting(KernelTask::section)
          .containsExactly("epsilon 1.0E-6", "epsilon 1.0E-6", "epsilon 0.5", "epsilon 0.5");
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void batchesOfEverySizeShareWeights(TornadoBackend device) {
    RandomValues values = new RandomValues(2);
    Program program = deep(2, values);
    try (device;
        Plan plan = device.plan(program, 6);
        Plan reference = TestBackends.reference().plan(program, 6)) {
      for (int batch : new int[] {5, 1, 6, 1, 2, 3, 2, 4, 6, 5}) {
        float[] input = values.array(batch * X.size());
        Outputs expected = reference.run(input, batch);
        plan.run(input, batch)
            .values()
            .forEach(
                (output, got) ->
                    Tolerance.reduction(40)
                        .check("batch " + batch + ", " + output.name(), got, expected.of(output)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void allBatchSizesTogetherTakeWhatWasCounted(TornadoBackend device) {
    assumeTrue(
        TornadoVm.ofThisJvm().isEmulated(),
        "TornadoVM counts the arrays of the selected graph only");
    Program program = deep(3, new RandomValues(6));
    try (device;
        TornadoPlan plan = (TornadoPlan) device.plan(program, 8)) {
      for (int batch = 1; batch <= 8; batch *= 2) {
        plan.run(new float[batch * X.size()], batch);
      }
      TornadoTarget target = TornadoVm.ofThisJvm().target("0");
      DeviceMemory counted =
          new DeviceMemory(
              new DeviceProgram(program), new Residents(target, "none"), target, 1L << 30);
      // The graph of each section has one float16 that stands for values that are float32.
      long nobodys =
          (long) Short.BYTES * program.sections().size() * DeviceMemory.buckets(8).size();
      assertThat(plan.deviceBytes()).isEqualTo(counted.bytes(8) + nobodys);
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void plansOfOneDeviceDoNotDisturbEachOther(TornadoBackend device) {
    RandomValues values = new RandomValues(3);
    Program one = deep(1, values);
    Program other = deep(2, values);
    float[] input = values.array(X.size());
    try (device;
        Plan first = device.plan(one, 1);
        Plan second = device.plan(other, 1)) {
      float[] before = first.run(input, 1).of(STATE);
      assertThat(second.run(input, 1).of(STATE)).isNotEqualTo(before);
      assertThat(first.run(input, 1).of(STATE)).containsExactly(before);
    }
  }

  /** The first of some blocks, each of which is a matrix. */
  private static Program first(int blocks, List<Weight> matrices) {
    Program.Builder program = new Program.Builder(X);
    Buffer state = X;
    for (int block = 0; block < blocks; block++) {
      Buffer next = block == blocks - 1 ? STATE : new Buffer("state", 3, 5);
      program.section("block " + block).then(Linear.of(state, matrices.get(block), null, next));
      state = next;
    }
    return program.output(state).build();
  }

  /** What a program takes that shares nothing. */
  private static long alone(Program program, int maxBatch) {
    TornadoTarget target = TornadoVm.ofThisJvm().target(null);
    DeviceProgram of = new DeviceProgram(program);
    return new DeviceMemory(of, new Residents(target, "none"), target, 1L << 30).bytes(maxBatch);
  }

  private static long weightBytes(Program program) {
    return new DeviceProgram(program)
        .weights().values().stream()
            .flatMap(List::stream)
            .distinct()
            .mapToLong(PackedWeight::bytes)
            .sum();
  }

  /** As the attention maps of a block, the classes and the features of a layer do. */
  @ParameterizedTest
  @MethodSource("devices")
  void plansShareWeightsAndWhatHoldsValues(TornadoBackend device) {
    RandomValues values = new RandomValues(10);
    List<Weight> matrices = Stream.generate(() -> values.weight(5, 5)).limit(4).toList();
    List<Program> programs = Stream.of(2, 4, 3).map(count -> first(count, matrices)).toList();
    List<Integer> batches = List.of(1, 4, 2);
    try (device) {
      long before = device.takenBytes();
      List<Plan> plans = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        plans.add(device.plan(programs.get(i), batches.get(i)));
      }
      long unshared =
          IntStream.range(0, 3).mapToLong(i -> alone(programs.get(i), batches.get(i))).sum();
      long twice = weightBytes(programs.get(0)) + weightBytes(programs.get(2));
      assertThat(device.takenBytes() - before).isLessThan(unshared - twice);
      for (int pass = 0; pass < 3; pass++) {
        for (int i : new int[] {1, 0, 2, 1}) {
          check(plans.get(i), programs.get(i), values.array(batches.get(i) * X.size()));
        }
      }
      plans.get(0).close();
      plans.add(device.plan(programs.get(0), 4));
      plans.get(1).close();
      for (int pass = 0; pass < 2; pass++) {
        check(plans.get(2), programs.get(2), values.array(X.size()));
        check(plans.get(3), programs.get(0), values.array(4 * X.size()));
      }
      plans.get(2).close();
      assertThat(device.takenBytes()).isGreaterThan(before);
      plans.get(3).close();
      assertThat(device.takenBytes()).isEqualTo(before);
      try (Plan anew = device.plan(programs.get(1), 1)) {
        check(anew, programs.get(1), values.array(X.size()));
      }
    }
  }

  /** Each plan is used by one thread; the arrays of their outputs may be the same. */
  @Test
  void plansThatShareMayRunInSeveralThreads() throws Exception {
    RandomValues values = new RandomValues(11);
    List<Weight> matrices = Stream.generate(() -> values.weight(5, 5)).limit(2).toList();
    List<Program> programs = Stream.of(1, 2).map(count -> first(count, matrices)).toList();
    float[] input = values.array(X.size());
    try (TornadoBackend device = new TornadoBackend();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Plan> plans = programs.stream().map(program -> device.plan(program, 1)).toList();
      List<float[]> alone = plans.stream().map(plan -> plan.run(input, 1).of(STATE)).toList();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Plan plan = plans.get(i);
        float[] expected = alone.get(i);
        running.add(
            threads.submit(
                () -> {
                  for (int run = 0; run < 100; run++) {
                    assertThat(plan.run(input, 1).of(STATE)).containsExactly(expected);
                  }
                }));
      }
      for (Future<?> thread : running) {
        thread.get();
      }
    }
  }

  /** To forget what the driver keeps of a plan TornadoVM frees its graphs, not others' arrays. */
  @Test
  void aPlanThatReplaysIsClosedWithoutTheOthers() {
    TornadoVm vm = TornadoVm.ofThisJvm();
    assumeTrue(vm.isEmulated() || vm.target(null).isCuda(), "this device replays nothing");
    RandomValues values = new RandomValues(12);
    List<Weight> matrices = Stream.generate(() -> values.weight(5, 5)).limit(3).toList();
    try (TornadoBackend device = new TornadoBackend()) {
      long before = device.takenBytes();
      try (Plan alone = replaying(vm, device, first(1, matrices))) {
        check(alone, first(1, matrices), values.array(X.size()));
      }
      assertThat(vm.target(null).use().refusesToFreeTwice()).isTrue();
      Plan one = replaying(vm, device, first(2, matrices));
      Plan other = replaying(vm, device, first(3, matrices));
      check(one, first(2, matrices), values.array(X.size()));
      check(other, first(3, matrices), values.array(2 * X.size()));
      one.close();
      for (int pass = 0; pass < 2; pass++) {
        check(other, first(3, matrices), values.array(2 * X.size()));
        check(other, first(3, matrices), values.array(X.size()));
      }
      other.close();
      assertThat(device.takenBytes()).isEqualTo(before);
    }
  }

  private static void check(Plan plan, Program program, float[] input) {
    int batch = input.length / X.size();
    try (Plan reference = TestBackends.reference().plan(program, batch)) {
      Tolerance.reduction(40)
          .check(
              "batch " + batch,
              plan.run(input, batch).of(STATE),
              reference.run(input, batch).of(STATE));
    }
  }

  /** Times; the line of TornadoVM 6 takes none through CUDA, and the test ends there. */
  private static List<KernelTime> profile(Plan plan, float[] input, int batch) {
    try {
      return plan.profile(input, batch);
    } catch (BackendException failed) {
      assumeFalse(
          String.valueOf(failed.getMessage()).contains("measures no kernels"), failed.getMessage());
      throw failed;
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void profilesEveryOperation(TornadoBackend device) {
    RandomValues values = new RandomValues(4);
    Program program = deep(2, values);
    try (device;
        Plan plan = device.plan(program, 2)) {
      float[] input = values.array(2 * X.size());
      float[] before = plan.run(input, 2).of(STATE);
      List<KernelTime> times = profile(plan, input, 2);
      assertThat(times).hasSize(program.operations().size());
      assertThat(times)
          .extracting(time -> time.task().section())
          .contains("program", "block 0", "block 1");
      assertThat(times).allSatisfy(time -> assertThat(time.nanos()).isPositive());
      assertThat(times.get(2).task().flops()).isEqualTo(2 * program.operations().get(2).flops());
      assertThat(plan.run(input, 2).of(STATE)).containsExactly(before);
    }
  }

  @Test
  void aSectionThatNoGraphHoldsIsRefused() {
    Weight one = new RandomValues(9).weight(1, 5);
    Program.Builder program = new Program.Builder(X);
    Buffer state = X;
    for (int i = 0; i < 130; i++) {
      Buffer next = i == 129 ? STATE : new Buffer("state", 3, 5);
      program.then(new LayerNorm(state, one, one, 1e-6f, next));
      state = next;
    }
    try (TornadoBackend device = new TornadoBackend()) {
      assertThatThrownBy(() -> device.plan(program.output(STATE).build(), 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has 131 tasks, ")
          .hasMessageContaining(" bytes of a task graph's 8192; make several sections of it");
    }
  }

  private static TornadoPlan replaying(TornadoVm vm, TornadoBackend device, Program program) {
    return vm.thread()
        .call(
            () ->
                new TornadoPlan(vm, device, vm.target(null), new DeviceProgram(program), 2, true));
  }

  /** Times are taken by a second plan, which shares all but the inputs and goes with the first. */
  @Test
  void aPlanThatReplaysHasAnotherForTimes() {
    Program program = deep(2, new RandomValues(7));
    float[] input = new RandomValues(8).array(X.size());
    TornadoVm vm = TornadoVm.ofThisJvm();
    assumeTrue(vm.isEmulated() || vm.target(null).isCuda(), "this device replays nothing");
    try (TornadoBackend device = new TornadoBackend()) {
      long before = device.takenBytes();
      TornadoPlan plan = replaying(vm, device, program);
      long alone = device.takenBytes();
      float[] state = plan.run(input, 1).of(STATE);
      assertThat(profile(plan, input, 1)).hasSameSizeAs(program.operations());
      assertThat(profile(plan, input, 1)).hasSameSizeAs(program.operations());
      int inputs = 3 * X.size() + 2; // For 1 and 2 images, with the number of the run.
      assertThat(device.takenBytes()).isEqualTo(alone + (long) Float.BYTES * inputs);
      assertThat(plan.run(input, 1).of(STATE)).containsExactly(state);
      plan.close();
      assertThat(device.takenBytes()).isEqualTo(before);
    }
  }

  /** A device that failed one of the plans that share has failed all. */
  @Test
  void aFailureOfThePlanForTimesIsOneOfThePlan() {
    TornadoVm vm = TornadoVm.ofThisJvm();
    assumeTrue(vm.isEmulated(), "the emulator fails on demand");
    String fault = "tornadovit.emulator.fault";
    Program program = deep(2, new RandomValues(7));
    float[] input = new RandomValues(8).array(X.size());
    try (TornadoBackend device = new TornadoBackend()) {
      TornadoPlan plan = replaying(vm, device, program);
      assertThat(plan.profile(input, 1)).hasSameSizeAs(program.operations());
      System.setProperty(fault, "launch 3");
      try {
        assertThatThrownBy(() -> plan.profile(input, 1))
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("' failed");
      } finally {
        System.clearProperty(fault);
      }
      assertThat(plan.isBroken()).isTrue();
      assertThatThrownBy(() -> plan.run(input, 1))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("make another");
      try (TornadoPlan another = replaying(vm, device, program)) {
        assertThat(another.profile(input, 1)).hasSameSizeAs(program.operations());
      }
    }
  }

  @Test
  void equalSectionsHaveEqualLaunches() {
    Program program = deep(3, new RandomValues(5));
    try (TornadoBackend device = new TornadoBackend();
        TornadoPlan plan = (TornadoPlan) device.plan(program, 1)) {
      List<KernelTask> tasks = plan.tasks(1);
      assertThat(tasks).filteredOn(task -> task.section().equals("block 1")).hasSize(4);
      assertThat(tasks)
          .filteredOn(task -> task.section().equals("block 2"))
          .extracting(KernelTask::kernel, KernelTask::grid)
          .isEqualTo(
              tasks.stream()
                  .filter(task -> task.section().equals("block 1"))
                  .map(task -> tuple(task.kernel(), task.grid()))
                  .toList());
    }
  }
}
