package io.github.tornadovit.kernels.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.TestBackends;
import io.github.tornadovit.kernels.program.Program;
import java.util.Arrays;

/** Runs a program on every backend and compares its outputs with the reference's. */
public final class Agreement {
  private Agreement() {}

  /**
   * Batches of 1 and 3 in a plan for 4, the larger first so that its values lie in the buffers.
   *
   * @param what names the case in failure messages
   */
  public static void check(String what, Program program, RandomValues values, Tolerance tolerance) {
    float[] larger = values.array(3 * program.input().size());
    float[] smaller = values.array(program.input().size());
    check(what, program, values, tolerance, 4, larger, smaller);
  }

  /** A batch of one image: for large shapes. */
  public static void checkOne(
      String what, Program program, RandomValues values, Tolerance tolerance) {
    check(what, program, values, tolerance, 1, values.array(program.input().size()));
  }

  /** Given inputs, each a whole number of images, one run after the other in one plan. */
  public static void check(
      String what,
      Program program,
      RandomValues values,
      Tolerance tolerance,
      int maxBatch,
      float[]... inputs) {
    try (Plan reference = TestBackends.reference().plan(program, maxBatch)) {
      for (Backend backend : TestBackends.all()) {
        try (Plan plan = backend.plan(program, maxBatch)) {
          for (float[] input : inputs) {
            int batch = input.length / program.input().size();
            float[] copy = input.clone();
            Outputs got = plan.run(input, batch);
            Outputs expected = reference.run(input, batch);
            Tolerance.exact().check("the caller's input", input, copy);
            String where = "%s, batch %d, %s, %s".formatted(what, batch, backend.device(), values);
            assertThat(got.values()).containsOnlyKeys(program.outputs());
            got.values()
                .forEach(
                    (output, actual) ->
                        tolerance.check(where + ", " + output.name(), actual, expected.of(output)));
          }
        }
      }
    }
  }

  /** A program's outputs on the reference, for tests of the reference itself. */
  public static float[] reference(Program program, float... input) {
    int batch = input.length / program.input().size();
    try (Plan plan = TestBackends.reference().plan(program, batch)) {
      return plan.run(Arrays.copyOf(input, input.length), batch).of(program.outputs().getFirst());
    }
  }
}
