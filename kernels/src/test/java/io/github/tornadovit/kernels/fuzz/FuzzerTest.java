package io.github.tornadovit.kernels.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.backend.GuardedHost;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.pooling.TornadoPool;
import io.github.tornadovit.kernels.tornado.GuardedLaunch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** That the fuzzer finds what is wrong, and that the line it prints repeats it. */
class FuzzerTest {
  private static final int CASES = 1000;
  private static final int FAILURES = 2;
  private static final int SIZES = 60;
  private static final long FLOPS = 1_000_000;

  private static Subjects broken(BrokenLoops.Fault fault) {
    return new Subjects(List.of(new BrokenLoops(new ScalarLoops(), fault), new ScalarLoops()));
  }

  @ParameterizedTest
  @EnumSource
  void findsAFaultInOperations(BrokenLoops.Fault fault) {
    Subjects subjects = broken(fault);
    try (Fuzzer fuzzer = new Fuzzer(subjects, FAILURES)) {
      List<OperationTarget> targets = new ArrayList<>(Targets.OPERATIONS);
      targets.addAll(Targets.INT8_OPERATIONS);
      fuzzer.operations(targets, 1, CASES, subjects.names(), SIZES, FLOPS, false);
      repeats(fuzzer);
    }
  }

  /** The bounds of bf16 are for its roundings, and not for those of another precision. */
  @Test
  void findsFactorsThatAreNotRounded() {
    FuzzedAttention target = new FuzzedAttention(Precision.BF16);
    Trial trial = target.trial(target.draw(new Random(1), 40), new ValueSource(Values.NORMAL, 2));
    Attention f32 = ((Attention) trial.operation()).in(Precision.F32);
    float[] unrounded =
        GuardedHost.reference(new Trial(f32, trial.batch(), trial.contents(), trial.bounds()));
    double[] bounds = trial.bounds().of(Float.MIN_VALUE);
    assertThatThrownBy(
            () ->
                Judgement.check(
                    "attention", unrounded, GuardedHost.reference(trial), bounds, false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("elements are off");
  }

  @ParameterizedTest
  @EnumSource
  void findsAFaultInAFunction(BrokenLoops.Fault fault) {
    try (Fuzzer fuzzer = new Fuzzer(broken(fault), FAILURES)) {
      fuzzer.functions(Targets.FUNCTIONS, 1, CASES);
      fuzzer.functions(Targets.INT8_FUNCTIONS, 1, CASES);
      repeats(fuzzer);
    }
  }

  /** The line names a case that fails in the same way, and only on the loops that are wrong. */
  private static void repeats(Fuzzer fuzzer) {
    assertThat(fuzzer.failures()).isNotEmpty();
    for (String failure : fuzzer.failures()) {
      assertThat(failure).doesNotContain("\n").contains("; repeat it with: ./mvnw ");
      String text = failure.substring(failure.indexOf(FuzzCase.PROPERTY + "=") + 1);
      FuzzCase one = FuzzCase.parse(text.substring(text.indexOf('=') + 1));
      assertThatThrownBy(() -> fuzzer.check(one)).isInstanceOf(AssertionError.class);
      assertThatCode(() -> fuzzer.check(one.on("scalar"))).doesNotThrowAnyException();
    }
  }

  /** A kernel that may write too much. */
  public static void clear(KernelContext context, IntArray launches, FloatArray y, int size) {
    int at = context.globalIdx;
    if (at < size) {
      y.set(at, 0f);
    }
  }

  @Test
  void findsAWriteBehindABufferOfADevice() {
    Parameters parameters = Parameters.parse("batch=2,rows=3,width=5,first=0,count=3");
    Trial trial = new FuzzedPooling.Select().trial(parameters, new ValueSource(Values.NORMAL, 1));
    int size = trial.outputSize();
    GuardedLaunch.Kernels clearsOneMore =
        of -> {
          DeviceOperation right = TornadoPool.of((SelectTokens) of.operation(), false);
          return new DeviceOperation() {
            @Override
            public List<Launch> launches(int batch, Tiling tiling) {
              List<Launch> launches = new ArrayList<>();
              launches.add(Launch.elementwise("clear", size + 1));
              launches.addAll(right.launches(batch, tiling));
              return launches;
            }

            @Override
            public void record(TaskRecorder recorder) {
              FloatArray y = recorder.array(of.operation().output());
              recorder.task(FuzzerTest::clear, y, size + 1);
              right.record(recorder);
            }
          };
        };
    float[] right = GuardedLaunch.run(0, trial);
    float[] wrong = GuardedLaunch.run(0, trial, clearsOneMore);
    float[] guards = Guard.array(right.length);
    Guard.checkUnchanged("right", right, guards, size, right.length);
    assertThatThrownBy(() -> Guard.checkUnchanged("y", wrong, guards, size, wrong.length))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("y was written at 30 of");
  }

  @Test
  void aCaseIsItsText() {
    String text = "7:linear:batch=2,rows=3:NAN:scalar:5";
    FuzzCase one = FuzzCase.parse(text);
    assertThat(one).hasToString(text);
    assertThat(one.parameters().get("rows")).isEqualTo(3);
    assertThat(one.command()).endsWith("-Dtornadovit.fuzzCase=" + text);
    assertThatThrownBy(() -> FuzzCase.parse("7:linear"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 2 parts");
  }
}
