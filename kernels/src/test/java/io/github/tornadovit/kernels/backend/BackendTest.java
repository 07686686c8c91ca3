package io.github.tornadovit.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every backend promises about plans, whatever they compute. */
class BackendTest {
  private static final Buffer X = new Buffer("x", 1, 2);
  private static final Buffer Y = new Buffer("y", 1, 1);
  private static final Program SUM =
      new Program.Builder(X)
          .then(Linear.of(X, Weight.of("w", 1, 2, new float[] {1, 1}), null, Y))
          .output(Y)
          .build();

  static Stream<Backend> fresh() {
    return Stream.concat(
        Stream.of(new ReferenceBackend(), new CpuBackend(1), new CpuBackend(2)),
        TestBackends.devices());
  }

  @ParameterizedTest
  @MethodSource("fresh")
  void runsBatchesUpToItsLargest(Backend backend) {
    try (backend;
        Plan plan = backend.plan(SUM, 3)) {
      assertThat(plan.maxBatch()).isEqualTo(3);
      float[] three = plan.run(new float[] {1, 2, 3, 4, 5, 6}, 3).of(Y);
      assertThat(three).containsExactly(3, 7, 11);
      Outputs one = plan.run(new float[] {7, 8, 100, 100}, 1);
      assertThat(one.of(Y)).containsExactly(15);
      assertThatThrownBy(() -> one.of(X))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no output");
      assertThat(three).as("the caller's").containsExactly(3, 7, 11);
    }
  }

  @ParameterizedTest
  @MethodSource("fresh")
  void refusesWrongArguments(Backend backend) {
    try (backend;
        Plan plan = backend.plan(SUM, 2)) {
      assertThatThrownBy(() -> backend.plan(SUM, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("batch is 0");
      for (int batch : new int[] {-1, 0, 3}) {
        assertThatThrownBy(() -> plan.run(new float[6], batch))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("batch is " + batch + ", expected 1 to 2");
      }
      assertThatThrownBy(() -> plan.run(new float[3], 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("input has 3 values, expected 4");
    }
  }

  @ParameterizedTest
  @MethodSource("fresh")
  void isUnusableAfterClose(Backend backend) {
    Plan closedPlan = backend.plan(SUM, 1);
    Plan openPlan = backend.plan(SUM, 1);
    openPlan.run(new float[2], 1);
    closedPlan.close();
    closedPlan.close();
    assertThatThrownBy(() -> closedPlan.run(new float[2], 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("plan is closed");
    openPlan.run(new float[2], 1);
    backend.close();
    backend.close();
    assertThatThrownBy(() -> openPlan.run(new float[2], 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("backend");
    assertThatThrownBy(() -> backend.plan(SUM, 1)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @MethodSource("fresh")
  void plansOfSeveralThreadsDoNotDisturbEachOther(Backend backend) throws Exception {
    try (backend;
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int thread = i;
        all.add(
            threads.submit(
                () -> {
                  try (Plan plan = backend.plan(SUM, 2)) {
                    for (int round = 0; round < 200; round++) {
                      assertThat(plan.run(new float[] {thread, round, round, round}, 2).of(Y))
                          .containsExactly(thread + round, 2 * round);
                    }
                  }
                }));
      }
      for (Future<?> future : all) {
        future.get();
      }
    }
  }

  @Test
  void devicesAreNamed() {
    try (CpuBackend one = new CpuBackend(1);
        CpuBackend two = new CpuBackend(2);
        CpuBackend all = new CpuBackend(0);
        ReferenceBackend reference = new ReferenceBackend()) {
      assertThat(one.device().toString())
          .matches("cpu \\((AVX.* machine code|\\d+-bit vectors.*|scalar), 1 thread\\)");
      assertThat(two.device().name()).endsWith(", 2 threads");
      assertThat(all.device().name()).contains(" " + Runtime.getRuntime().availableProcessors());
      assertThat(reference.device().backend()).isEqualTo("reference");
    }
    assertThatThrownBy(() -> new CpuBackend(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads is -1");
  }
}
