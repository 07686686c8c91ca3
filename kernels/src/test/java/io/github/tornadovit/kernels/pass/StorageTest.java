package io.github.tornadovit.kernels.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.ReferenceBackend;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pooling.Average;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageTest {
  private static final RandomValues VALUES = new RandomValues(1);

  private final Buffer x = new Buffer("x", 2, 3);
  private final Buffer a = new Buffer("a", 2, 3);
  private final Buffer b = new Buffer("b", 2, 3);
  private final Buffer y = new Buffer("y", 2, 3);

  private static Operation product(Buffer from, Buffer to) {
    return Linear.of(from, VALUES.weight(to.columns(), from.columns()), null, to);
  }

  private static Operation residual(Buffer added, Buffer from, Buffer to) {
    return Linear.residual(
        added, from, VALUES.weight(to.columns(), from.columns()), null, null, to);
  }

  private static Storage onDevice(Program program) {
    return Storage.onDevice(
        program,
        Collections.nCopies(program.operations().size(), List.<Buffer>of()),
        value -> true);
  }

  @Test
  void valuesThatAreNotNeededTogetherShareAnArray() {
    Program program =
        new Program.Builder(x)
            .then(product(x, a))
            .then(product(a, b))
            .then(product(b, y))
            .output(y)
            .build();
    Storage storage = Storage.onHost(program);
    assertThat(storage.sizes()).containsExactly(6L, 6L);
    assertThat(storage.array(x)).isEqualTo(storage.array(b)).isNotEqualTo(storage.array(a));
    assertThat(storage.array(a)).isEqualTo(storage.array(y));
    assertThat(storage.elements()).isEqualTo(12);
  }

  @Test
  void aLargeValueIsNoReasonForAnother() {
    Buffer wide = new Buffer("wide", 2, 30);
    Buffer wider = new Buffer("wider", 2, 40);
    Program program =
        new Program.Builder(x)
            .then(product(x, wide))
            .then(product(wide, a))
            .then(product(a, wider))
            .then(product(wider, y))
            .output(y)
            .build();
    assertThat(Storage.onHost(program).sizes()).containsExactly(80L, 6L);
  }

  @Test
  void residualBranchesAddToOneArray() {
    Program program =
        new Program.Builder(x)
            .then(product(x, a))
            .then(residual(x, a, b))
            .then(product(b, y))
            .output(y)
            .build();
    Storage storage = Storage.onHost(program);
    assertThat(storage.array(b)).isEqualTo(storage.array(x));
  }

  @Test
  void whatIsReadAgainIsNotWrittenOver() {
    Buffer last = new Buffer("last", 2, 3);
    Program readAgain =
        new Program.Builder(x)
            .then(product(x, a))
            .then(residual(x, a, b))
            .then(residual(x, b, y))
            .output(y)
            .build();
    assertThat(Storage.onHost(readAgain).array(b)).isNotEqualTo(Storage.onHost(readAgain).array(x));
    Program asked =
        new Program.Builder(x)
            .then(product(x, a))
            .then(residual(a, x, b))
            .then(residual(b, x, last))
            .output(b)
            .output(last)
            .build();
    assertThat(Storage.onHost(asked).array(last)).isNotEqualTo(Storage.onHost(asked).array(b));
    assertThat(Storage.onHost(asked).array(a)).isEqualTo(Storage.onHost(asked).array(b));
  }

  @Test
  void whatIsMultipliedIsNotWrittenOver() {
    Program program =
        new Program.Builder(x)
            .then(product(x, a))
            .then(residual(a, a, b))
            .then(product(b, y))
            .output(y)
            .build();
    assertThat(Storage.onHost(program).array(b)).isNotEqualTo(Storage.onHost(program).array(a));
  }

  @Test
  void aDeviceHasNoArrayForTheInputAndOneForEachOutput() {
    Program program =
        new Program.Builder(x)
            .then(product(x, a))
            .then(residual(a, x, b))
            .then(product(b, y))
            .output(b)
            .output(y)
            .build();
    Storage storage = onDevice(program);
    assertThat(storage.sizes()).containsExactly(6L, 6L, 6L);
    assertThat(List.of(storage.array(a), storage.array(b), storage.array(y)))
        .doesNotHaveDuplicates();
    assertThatThrownBy(() -> storage.array(x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("buffer 'x' [2, 3] is not in this program");
  }

  @Test
  void scratchSharesWithWhatComesBeforeAndAfter() {
    Buffer scratch = new Buffer("scratch", 2, 9);
    Program program =
        new Program.Builder(x)
            .then(product(x, a))
            .then(product(a, b))
            .then(product(b, y))
            .output(y)
            .build();
    Storage storage =
        Storage.onDevice(program, List.of(List.of(), List.of(scratch), List.of()), value -> true);
    assertThat(storage.sizes()).containsExactly(18L, 6L, 6L, 6L);
    Storage first =
        Storage.onDevice(program, List.of(List.of(scratch), List.of(), List.of()), value -> true);
    assertThat(first.array(b)).isEqualTo(first.array(scratch));
    assertThat(first.sizes()).containsExactly(18L, 6L, 6L);
  }

  /** Values in shared arrays and values in their own, to the last bit; and every backend. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void programsOfAnyShapeComputeTheSame(int seed) {
    Program program = random(new Random(seed));
    Storage storage = Storage.onHost(program);
    assertThat(storage.elements()).isLessThan(Storage.separate(program.buffers()).elements());
    float[] input = VALUES.array(2 * program.input().size());
    try (ReferenceBackend backend = new ReferenceBackend();
        Plan plan = backend.plan(program, 2)) {
      HostBuffers own = new HostBuffers(Storage.separate(program.buffers()), 2);
      System.arraycopy(input, 0, own.of(program.input()), 0, input.length);
      program.operations().forEach(operation -> backend.prepare(operation, own).run(2));
      Outputs outputs = plan.run(input, 2);
      program
          .outputs()
          .forEach(value -> assertThat(outputs.of(value)).containsExactly(own.of(value)));
    }
    Agreement.check("seed " + seed, program, VALUES, Tolerance.reduction(1000));
  }

  /** Operations on random values that are there; their widths are 3, 5 and 8. */
  private static Program random(Random random) {
    Buffer input = new Buffer("input", 4, 5);
    Program.Builder program = new Program.Builder(input);
    List<Buffer> values = new ArrayList<>(List.of(input));
    for (int i = 0; i < 30; i++) {
      Buffer from = values.get(random.nextInt(values.size()));
      int width = List.of(3, 5, 8).get(random.nextInt(3));
      Buffer added = alike(values, from).getLast();
      Buffer to = new Buffer("value " + i, 4, width);
      Buffer same = new Buffer("value " + i, 4, from.columns());
      Operation operation =
          switch (random.nextInt(6)) {
            case 0 -> new SelectTokens(from, 0, same);
            case 1 ->
                new LayerNorm(
                    from,
                    VALUES.weight(1, from.columns()),
                    VALUES.weight(1, from.columns()),
                    0.1f,
                    same);
            case 2 -> new Average(from, alike(values, from).getFirst(), same);
            case 3 ->
                Linear.activated(
                    from, VALUES.weight(width, from.columns()), null, Activation.TANH, to);
            default -> residual(added, from, new Buffer("value " + i, 4, added.columns()));
          };
      program.then(operation);
      values.add(operation.output());
      if (random.nextInt(8) == 0) {
        program.output(operation.output());
      }
    }
    return program.output(values.getLast()).build();
  }

  private static List<Buffer> alike(List<Buffer> values, Buffer like) {
    return values.stream().filter(value -> value.columns() == like.columns()).toList();
  }
}
