package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.ReferenceBackend;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.launch.Tile;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pass.Codings;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.RowOperation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Known answers for the kernels of a program: a program of {@linkplain FewRows few rows} whose
 * kernels are those that the program will run, widths, epilogues and tiles included. What each
 * makes of its inputs on the device has to equal what {@link ReferenceBackend} makes of the same
 * inputs.
 */
final class KnownAnswers {
  /** Batches that are tried to get a tile. */
  private static final int MOST_IMAGES = 128;

  /**
   * Of a matrix product, every ninth row is computed again, in all columns: so each of the 8 by 8
   * sums of a thread is looked at. Of no more rows than a thread has sums, every one is.
   */
  private static final int STRIDE = 9;

  private static final double TOLERANCE = 1e-4;

  /** What rounding to float16 adds to it, relative. */
  private static final double HALF_ROUNDING = 0x1p-11;

  private final Map<KernelForm, Operation> tests;
  private final Program program;
  private final int batch;
  private final Tiling tiling;
  private final Set<Buffer> halves;
  private final float[] input;

  private KnownAnswers(
      FewRows rows,
      Map<KernelForm, Operation> tests,
      int batch,
      Tiling tiling,
      Set<Buffer> halves) {
    Set<Buffer> outputs = new LinkedHashSet<>();
    for (Operation operation : tests.values()) {
      outputs.addAll(operation.inputs());
      outputs.add(operation.output());
    }
    outputs.remove(rows.input()); // Known here.
    this.tests = tests;
    this.batch = batch;
    this.tiling = tiling;
    this.halves = halves;
    program = rows.program(outputs);
    input = rows.random(Math.multiplyExact(batch, program.input().size()));
  }

  /** A test of a form. */
  private record Test(KernelForm form, @Nullable Tile tile, Operation operation, int rows) {}

  /**
   * Tests of the kernels that a program runs in batches of some sizes.
   *
   * @param tiling of the device
   * @param wanted which forms to test
   * @return one test per batch size that it takes, each for a device with its {@link #tiling}
   */
  static List<KnownAnswers> of(
      Program tested, Collection<Integer> batches, Tiling tiling, Predicate<KernelForm> wanted) {
    FewRows counts = new FewRows(tested);
    Set<Buffer> testedHalves = Codings.halves(tested);
    Map<Integer, Map<KernelForm, Test>> byBatch = new TreeMap<>();
    Set<KernelForm> placed = new LinkedHashSet<>();
    for (Operation operation : tested.operations()) {
      for (int images : batches) {
        int all = Math.multiplyExact(images, operation.output().rows());
        Tile tile = KernelForm.tile(operation, all, tiling, testedHalves);
        KernelForm form = KernelForm.of(operation, all, tiling, testedHalves);
        if (wanted.test(form) && placed.add(form)) {
          int own = counts.rows(operation.output().rows());
          Tiling same = tile == null ? tiling : tiling.with(Map.of(operation.output(), tile));
          int batch = images(operation, form, own, same, testedHalves);
          int ofTokens =
              operation instanceof Linear
                  ? images(operation, form, counts.tokens(), same, testedHalves)
                  : batch;
          int fewest = Math.min(batch, ofTokens);
          if (fewest > MOST_IMAGES) { // Else another kernel than this would count as proven.
            throw new IllegalStateException("no test is as small as it takes for " + form);
          }
          Test test = new Test(form, tile, operation, ofTokens < batch ? counts.tokens() : own);
          byBatch.computeIfAbsent(fewest, key -> new LinkedHashMap<>()).put(form, test);
        }
      }
    }
    List<KnownAnswers> tests = new ArrayList<>();
    byBatch.forEach(
        (batch, ofBatch) -> {
          FewRows rows = new FewRows(tested);
          Map<KernelForm, Operation> small = new LinkedHashMap<>();
          Map<Buffer, Tile> tiles = new HashMap<>();
          Set<Buffer> halves = new HashSet<>();
          ofBatch.forEach(
              (form, test) -> {
                boolean asHalves = testedHalves.contains(test.operation().output());
                Operation few = rows.add(test.operation(), form.toString(), test.rows(), asHalves);
                if (asHalves) {
                  halves.add(few.output());
                }
                small.put(form, few);
                if (test.tile() != null) {
                  tiles.put(few.output(), test.tile());
                }
              });
          tests.add(new KnownAnswers(rows, small, batch, tiling.with(tiles), halves));
        });
    return tests;
  }

  /** The fewest images that give a form with its tile; more than any test has if none. */
  private static int images(
      Operation operation, KernelForm form, int rows, Tiling tiling, Set<Buffer> halves) {
    return IntStream.rangeClosed(1, MOST_IMAGES)
        .filter(images -> KernelForm.of(operation, images * rows, tiling, halves).equals(form))
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  /** The kernels under test. */
  Set<KernelForm> kernels() {
    return tests.keySet();
  }

  /** The operation that tests a form. */
  Operation operation(KernelForm form) {
    return Objects.requireNonNull(tests.get(form));
  }

  Program program() {
    return program;
  }

  /** Its values that lie as float16: outputs as well, which those of other programs never do. */
  Set<Buffer> halves() {
    return halves;
  }

  /** Tiles as they are tested. */
  Tiling tiling() {
    return tiling;
  }

  /** Images of the test. */
  int batch() {
    return batch;
  }

  /**
   * Runs the device's plan of {@link #program()} and compares.
   *
   * @param device named in errors
   * @throws BackendException naming the kernel, if one computes something else
   */
  void check(Plan plan, String device) {
    Outputs outputs = plan.run(input, batch);
    Map<Buffer, float[]> values = new HashMap<>(Map.of(program.input(), input));
    program.outputs().forEach(output -> values.put(output, outputs.of(output)));
    try (ReferenceBackend oracle = new ReferenceBackend()) {
      tests.forEach((form, operation) -> check(oracle, operation, values, form, device));
    }
  }

  private void check(
      ReferenceBackend oracle,
      Operation operation,
      Map<Buffer, float[]> values,
      KernelForm form,
      String device) {
    float[] got = Objects.requireNonNull(values.get(operation.output()));
    int width = operation.output().columns();
    int[] rows = IntStream.range(0, got.length / width).toArray();
    float[] expected;
    if (operation instanceof RowOperation ofRows) {
      int last = rows.length - 1;
      int stride = rows.length < STRIDE ? 1 : STRIDE;
      rows = IntStream.of(rows).filter(row -> row % stride == 0 || row == last).toArray();
      expected = ofRows(oracle, ofRows, values, rows);
    } else {
      expected = compute(oracle, operation, values, batch);
    }
    double relative = TOLERANCE + (halves.contains(operation.output()) ? HALF_ROUNDING : 0);
    for (int i = 0; i < expected.length; i++) {
      int at = rows[i / width] * width + i % width;
      double distance = Math.abs((double) got[at] - expected[i]);
      if (!(distance <= TOLERANCE + relative * Math.abs(expected[i]))) {
        throw new BackendException(
            "tornado",
            ("the kernel '%s' computes wrong values on '%s': element %d is %s, expected %s; update"
                    + " the driver, choose another device with --device, or use --backend cpu")
                .formatted(form, device, at, got[at], expected[i]));
      }
    }
  }

  /** What some of the rows become, in one image. */
  private static float[] ofRows(
      ReferenceBackend oracle, RowOperation operation, Map<Buffer, float[]> values, int[] rows) {
    Map<Buffer, Buffer> some = new HashMap<>();
    Map<Buffer, float[]> contents = new HashMap<>();
    for (Buffer whole : operation.inputs()) {
      Buffer part = new Buffer(whole.name(), rows.length, whole.columns());
      float[] from = Objects.requireNonNull(values.get(whole));
      float[] read = new float[part.size()];
      for (int i = 0; i < rows.length; i++) {
        int width = whole.columns();
        System.arraycopy(from, rows[i] * width, read, i * width, width);
      }
      some.put(whole, part);
      contents.put(part, read);
    }
    Buffer output =
        new Buffer(operation.output().name(), rows.length, operation.output().columns());
    return compute(
        oracle,
        operation.on(whole -> Objects.requireNonNull(some.get(whole)), output),
        contents,
        1);
  }

  private static float[] compute(
      ReferenceBackend oracle, Operation operation, Map<Buffer, float[]> contents, int batch) {
    Set<Buffer> all = new LinkedHashSet<>(operation.inputs());
    all.add(operation.output());
    HostBuffers buffers = new HostBuffers(Storage.separate(all), batch);
    for (Buffer read : operation.inputs()) {
      float[] array = buffers.of(read);
      System.arraycopy(Objects.requireNonNull(contents.get(read)), 0, array, 0, array.length);
    }
    oracle.prepare(operation, buffers).run(batch);
    return buffers.of(operation.output());
  }
}
