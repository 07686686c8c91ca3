package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.Gpu;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.Multiprocessors;
import io.github.tornadovit.kernels.backend.PassEstimate;
import io.github.tornadovit.kernels.backend.PassEstimate.Bound;
import io.github.tornadovit.kernels.backend.PassEstimate.Expected;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The model of time has the launches of the plan, and bounds that can be told by hand. */
class TimeModelTest {
  private static final RandomValues VALUES = new RandomValues(1);

  private static Program encoder() {
    Buffer pixels = new Buffer("pixels", 3 * 16, 16);
    Buffer patches = new Buffer("patches", 64, 8);
    Buffer normed = new Buffer("normed", 64, 8);
    Buffer qkv = new Buffer("qkv", 64, 24);
    Buffer mixed = new Buffer("mixed", 64, 8);
    Buffer sum = new Buffer("sum", 64, 8);
    Weight vector = VALUES.weight(1, 8);
    return new Program.Builder(pixels)
        .then(new PatchEmbedding(pixels, 3, 2, 2, VALUES.weight(8, 12), vector, patches))
        .then(new LayerNorm(patches, vector, vector, 1e-6f, normed))
        .then(Linear.activated(normed, VALUES.weight(24, 8), null, Activation.GELU, qkv))
        .then(new Attention(qkv, 2, 0.5f, null, mixed))
        .then(Linear.residual(patches, mixed, VALUES.weight(8, 8), null, null, sum))
        .output(sum)
        .build();
  }

  private static Gpu gpu(int multiprocessors, double memoryRate, double cacheRate) {
    return new Gpu(
        "a GPU",
        new Multiprocessors(8.0, multiprocessors, 128, 0, 1, cacheRate, 1536, 100),
        memoryRate,
        4,
        10);
  }

  /** A product of many rows and its estimate. */
  private static Expected product(Gpu gpu, int rows, int columns) {
    Buffer x = new Buffer("x", rows, columns);
    Buffer y = new Buffer("y", rows, columns);
    Weight weight = Weight.of("w", columns, columns, new float[columns * columns]);
    Program program = new Program.Builder(x).then(Linear.of(x, weight, null, y)).output(y).build();
    return new TimeModel(gpu).pass(program, 1).launches().getLast();
  }

  /**
   * Groups are twice as many, and each has the scores of all of d: not twice the work, but three.
   */
  @Test
  void wideHeadsRepeatTheScores() {
    double one = attention(64).time().nanos();
    double two = attention(128).time().nanos();
    assertThat(two / one).isBetween(2.5, 3.1);
  }

  private static Expected attention(int headSize) {
    Buffer qkv = new Buffer("qkv", 2000, 3 * 8 * headSize);
    Buffer y = new Buffer("y", 2000, 8 * headSize);
    Program program =
        new Program.Builder(qkv).then(new Attention(qkv, 8, 0.1f, null, y)).output(y).build();
    return new TimeModel(gpu(10, 1000, 4000)).pass(program, 1).launches().getLast();
  }

  private static List<String> works(List<KernelTask> tasks) {
    return tasks.stream()
        .map(
            task ->
                "%s to %s: %s, %d flops, %d bytes"
                    .formatted(
                        task.kernel(), task.output(), task.grid(), task.flops(), task.bytes()))
        .toList();
  }

  /** On each device of the tests, for a batch of its plan: not a copy that may come to differ. */
  @Test
  void theLaunchesAreThoseOfThePlan() {
    Program program = encoder();
    int units = TornadoVm.ofThisJvm().target("0").description().computeUnits();
    for (int batch : new int[] {1, 4}) {
      PassEstimate estimate = new TimeModel(gpu(units, 100, 400)).pass(program, batch);
      try (TornadoBackend backend = new TornadoBackend("0");
          TornadoPlan plan = (TornadoPlan) backend.plan(program, batch)) {
        List<KernelTask> modelled =
            estimate.launches().stream().skip(3).map(launch -> launch.time().task()).toList();
        assertThat(works(modelled)).isEqualTo(works(plan.tasks(batch)));
        assertThat(estimate.kernels()).isEqualTo(plan.tasks(batch).size() + 2);
      }
    }
  }

  @Test
  void thePassIsTheSumOfItsLaunches() {
    PassEstimate estimate = new TimeModel(Gpu.of("A10")).pass(encoder(), 2);
    long sum = estimate.launches().stream().mapToLong(launch -> launch.time().nanos()).sum();
    assertThat(estimate.nanos()).isEqualTo(sum);
    assertThat(estimate.rate()).isEqualTo(2e9 / sum);
    assertThat(estimate.launches().getFirst().bound()).isEqualTo(Bound.BUS);
  }

  @Test
  void whatBoundsALaunch() {
    assertThat(product(gpu(100, 1000, 4000), 64, 8).bound()).isEqualTo(Bound.LAUNCH);
    assertThat(product(gpu(100, 1000, 4000), 64, 2050).bound()).isEqualTo(Bound.LATENCY);
    assertThat(product(gpu(2, 1000, 4000), 4096, 256).bound()).isEqualTo(Bound.ARITHMETIC);
    assertThat(product(gpu(2, 1000, 1), 4096, 256).bound()).isEqualTo(Bound.CACHE);
    assertThat(product(gpu(2, 0.1, 4000), 4096, 256).bound()).isEqualTo(Bound.MEMORY);
  }

  /** 4096 x 256 floats are 4 MB, more than half of the cache: x, y and the weights come and go. */
  @Test
  void bytesOfMemoryTakeTheirTime() {
    long bytes = 4L * (2 * 4096 * 256 + 256 * 256);
    assertThat(product(gpu(2, 0.1, 4000), 4096, 256).time().nanos())
        .isEqualTo(Math.round(bytes / 0.1) + 2500);
  }

  /** Of a value that lies as float16, for what writes it and for what reads it. */
  @Test
  void float16TakesHalfOfTheBytes() {
    Buffer x = new Buffer("x", 64, 32);
    Buffer normed = new Buffer("normed", 64, 32);
    Buffer y = new Buffer("y", 64, 16);
    Weight vector = VALUES.weight(1, 32);
    Program.Builder program =
        new Program.Builder(x)
            .then(new LayerNorm(x, vector, vector, 1e-6f, normed))
            .then(Linear.of(normed, VALUES.weight(16, 32), null, y).in(Precision.F16))
            .output(y);
    long product = 4 * 64 * 16 + 2 * 16 * 32;
    assertThat(bytes(program.build()))
        .containsExactly(6L * 64 * 32 + 4 * 2 * 32, 2 * 64 * 32 + product);
    assertThat(bytes(program.output(normed).build()))
        .as("rounded by a kernel of its own")
        .containsExactly(8L * 64 * 32 + 4 * 2 * 32, 6L * 64 * 32, 2 * 64 * 32 + product);
  }

  /** 320 in a step where a residual is added, instead of 229; their units would take half of it. */
  @Test
  void tensorCoresOfHopperAreFedByMoreInstructions() {
    double ratio = (double) residual(9.0).time().nanos() / residual(8.0).time().nanos();
    assertThat(ratio).isBetween(300.0 / 229, 320.0 / 229);
  }

  private static Expected residual(double capability) {
    Gpu gpu =
        new Gpu(
            "a GPU",
            new Multiprocessors(capability, 2, 128, 2048, 1, 4000, 2048, 164),
            1e6,
            50,
            10);
    Buffer x = new Buffer("x", 4096, 1024);
    Buffer y = new Buffer("y", 4096, 1024);
    Weight weight = Weight.of("w", 1024, 1024, new float[1024 * 1024]);
    Program program =
        new Program.Builder(x)
            .then(Linear.residual(x, x, weight, null, null, y).in(Precision.F16))
            .output(y)
            .build();
    return new TimeModel(gpu).pass(program, 1).launches().getLast();
  }

  /** The product writes three sums of k for each value, another kernel reads them. */
  @Test
  void partsOfADeepProductAreWrittenAndRead() {
    Buffer x = new Buffer("x", 197, 3072);
    Buffer y = new Buffer("y", 197, 768);
    Program program =
        new Program.Builder(x)
            .then(Linear.of(x, Weight.of("w", 768, 3072, new float[768 * 3072]), null, y))
            .output(y)
            .build();
    List<KernelTask> tasks =
        new TimeModel(Gpu.of("A10"))
            .pass(program, 1).launches().stream()
                .skip(3)
                .map(launch -> launch.time().task())
                .toList();
    long values = 4 * 197 * 768;
    assertThat(works(tasks))
        .containsExactly(
            "linear_tile_64_slices_4_parts_3 to y: 12 x 4 x 3 groups of 256, %d flops, %d bytes"
                .formatted(2L * 197 * 768 * 3072, 4L * 3072 * (197 + 768) + 3 * values),
            "linear_parts to y: 1182 x 1 x 1 groups of 128, 0 flops, %d bytes"
                .formatted(4 * values));
  }

  private static List<Long> bytes(Program program) {
    return new TimeModel(Gpu.of("A10"))
        .pass(program, 1).launches().stream()
            .skip(3)
            .map(launch -> launch.time().task().bytes())
            .toList();
  }

  @Test
  void moreMultiprocessorsTakeLessTime() {
    assertThat(product(gpu(10, 1000, 4000), 1024, 256).time().nanos())
        .isGreaterThan(product(gpu(40, 1000, 4000), 1024, 256).time().nanos());
  }

  @Test
  void tensorCoresAreNeededForTheirPrecision() {
    Buffer x = new Buffer("x", 64, 32);
    Buffer y = new Buffer("y", 64, 32);
    Program half =
        new Program.Builder(x)
            .then(Linear.of(x, VALUES.weight(32, 32), null, y).in(Precision.F16))
            .output(y)
            .build();
    assertThat(
            new TimeModel(Gpu.of("A10")).pass(half, 1).launches().getLast().time().task().kernel())
        .startsWith("linear_f16");
    assertThatThrownBy(() -> new TimeModel(Gpu.of("T4")).pass(half, 1))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("'T4' does not have; use precision f32");
    Program coded =
        new Program.Builder(x)
            .then(Linear.of(x, VALUES.weight(32, 32), null, y).in(Precision.INT8))
            .output(y)
            .build();
    assertThatThrownBy(() -> new TimeModel(Gpu.of("T4")).pass(coded, 1))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("no kernel multiplies in int8");
  }
}
