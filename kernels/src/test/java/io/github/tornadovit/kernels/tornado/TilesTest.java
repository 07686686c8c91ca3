package io.github.tornadovit.kernels.tornado;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.ReferenceBackend;
import io.github.tornadovit.kernels.backend.TestBackends;
import io.github.tornadovit.kernels.launch.Tile;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.linear.TornadoHalfLinear;
import io.github.tornadovit.kernels.linear.TornadoLinear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tile of a product gives the product, and devices get tiles that fill them. */
class TilesTest {
  private static final RandomValues VALUES = new RandomValues(7);

  /** Rows of tiles that products of fewer rows have too. */
  private static final int SMALL = 64;

  /** Rows that one thread has sums of: no product of more has that tile. */
  private static final int FEW = 8;

  /** Sums of random products are of the order of 1, the largest 50: some 4e-6 between floats. */
  private static final Offset<Float> TOLERANCE = Offset.offset(5e-5f);

  static Stream<TornadoBackend> devices() {
    return TestBackends.devices();
  }

  /** A GELU, then a residual branch, of so many rows. */
  private static Program program(int m, int n, int k) {
    Buffer x = new Buffer("x", m, k);
    Buffer hidden = new Buffer("hidden", m, n);
    Buffer y = new Buffer("y", m, k);
    return new Program.Builder(x)
        .then(
            Linear.activated(x, VALUES.weight(n, k), VALUES.weight(1, n), Activation.GELU, hidden))
        .then(Linear.residual(x, hidden, VALUES.weight(k, n), null, VALUES.weight(1, k), y))
        .output(hidden)
        .output(y)
        .build();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void everyTileGivesTheProduct(TornadoBackend device) {
    try (device;
        ReferenceBackend oracle = new ReferenceBackend()) {
      for (Tile tile : tiles(1)) {
        // Few rows; a part of a tile and of a step, in as many steps as slices share; several
        // tiles.
        check(device, oracle, tile, program(3, 32, 29));
        if (tile.rows() > FEW) {
          check(device, oracle, tile, program(tile.rows() + 6, tile.columns() + 27, 61));
          check(device, oracle, tile, program(2 * tile.rows(), 64, 64));
        } else {
          check(device, oracle, tile, program(1, 64, 256));
          check(device, oracle, tile, program(FEW, 30, 261));
        }
      }
    }
  }

  private static List<Tile> tiles(int parts) {
    return TornadoLinear.TILES.stream().filter(tile -> tile.parts() == parts).toList();
  }

  /** The last part has fewer steps than the others, and the last step fewer columns. */
  @ParameterizedTest
  @MethodSource("devices")
  void everyTileGivesTheProductInParts(TornadoBackend device) {
    try (device;
        ReferenceBackend oracle = new ReferenceBackend()) {
      List<Tile> tiles = tiles(3);
      for (Tile tile : tiles) {
        check(device, oracle, tile, deep(tile.rows() + 6, 27, 157, List.of()));
      }
      check(device, oracle, tiles.getLast(), deep(38, 69, 221, List.of()));
      check(device, oracle, tiles.getLast(), deep(3, 7, 157, List.of(Activation.values())));
    }
  }

  /** Products as deep as tiles in parts ask for: activated ones, then a residual branch. */
  private static Program deep(int m, int n, int k, List<Activation> activations) {
    Buffer x = new Buffer("x", m, k);
    Buffer y = new Buffer("y", m, n);
    Buffer sum = new Buffer("sum", m, n);
    Program.Builder program =
        new Program.Builder(x).then(Linear.of(x, VALUES.weight(n, k), null, y)).output(y);
    for (Activation activation : activations) {
      Buffer activated = new Buffer(activation.toString(), m, n);
      Weight bias = VALUES.weight(1, n);
      program
          .then(Linear.activated(x, VALUES.weight(n, k), bias, activation, activated))
          .output(activated);
    }
    Weight bias = VALUES.weight(1, n);
    return program
        .then(Linear.residual(y, x, VALUES.weight(n, k), bias, VALUES.weight(1, n), sum))
        .output(sum)
        .build();
  }

  /**
   * One product alone: a rounding more or less of its output would be another factor of the next.
   */
  @ParameterizedTest
  @MethodSource("devices")
  void everyTileOfTensorCoresGivesTheProduct(TornadoBackend device) {
    try (device;
        ReferenceBackend oracle = new ReferenceBackend()) {
      assumeTrue(TensorCores.missing(TornadoVm.ofThisJvm().target(null)) == null, "none here");
      for (Tile tile : TornadoHalfLinear.TILES) {
        check(device, oracle, tile, half(3, 32, 61));
        check(device, oracle, tile, half(tile.rows() + 6, tile.columns() + 5, 189));
        check(device, oracle, tile, half(2 * tile.rows(), 64, 128));
      }
    }
  }

  private static Program half(int m, int n, int k) {
    Buffer x = new Buffer("x", m, k);
    Buffer y = new Buffer("y", m, n);
    return new Program.Builder(x)
        .then(
            Linear.activated(x, VALUES.weight(n, k), VALUES.weight(1, n), Activation.GELU, y)
                .in(Precision.F16))
        .output(y)
        .build();
  }

  private static void check(
      TornadoBackend device, ReferenceBackend oracle, Tile tile, Program program) {
    TornadoVm vm = TornadoVm.ofThisJvm();
    TornadoTarget target = vm.target(null);
    Tiling forced =
        target
            .tiling()
            .with(program.outputs().stream().collect(toMap(output -> output, o -> tile)));
    float[] input = VALUES.array(program.input().size());
    try (Plan right = oracle.plan(program, 1);
        TornadoPlan plan =
            vm.thread()
                .call(
                    () ->
                        new TornadoPlan(
                            vm,
                            device,
                            target.with(forced),
                            new DeviceProgram(program),
                            1,
                            false))) {
      if (Math.max(program.input().rows(), SMALL) >= tile.rows()) {
        assertThat(plan.tasks(1))
            .as("%s of %s", tile, program.operations())
            .extracting(KernelTask::kernel)
            .filteredOn(kernel -> kernel.contains("_tile_"))
            .hasSameSizeAs(program.operations())
            .allMatch(kernel -> kernel.endsWith("_" + tile.suffix()));
      }
      for (Buffer output : program.outputs()) {
        assertThat(plan.run(input, 1).of(output))
            .as("%s of %s", output, tile)
            .containsExactly(right.run(input, 1).of(output), TOLERANCE);
      }
    }
  }

  private static String tile(int units, int m, int n, int k) {
    Weight weight = Weight.of("w", n, k, new float[n * k]);
    Linear linear = Linear.of(new Buffer("x", m, k), weight, null, new Buffer("y", m, n));
    return new TornadoLinear(linear).tile(m, Tiling.of(units)).suffix();
  }

  @Test
  void fewGroupsAreCutIntoSlices() {
    assertThat(tile(108, 197, 768, 3072)).isEqualTo("tile_32_slices_4");
    assertThat(tile(108, 9, 768, 2272)).isEqualTo("tile_32_slices_4");
    assertThat(tile(108, 9, 768, 3080)).as("385 steps").isEqualTo("tile_64");
  }

  /** Where they fill the device, and a cache holds their sums. */
  @Test
  void deepProductsOfFewGroupsAreCutIntoParts() {
    assertThat(tile(72, 197, 768, 3072)).isEqualTo("tile_64_slices_4_parts_3");
    assertThat(tile(132, 197, 768, 3072)).isEqualTo("tile_32_slices_4_parts_3");
    assertThat(tile(132, 197, 768, 2272)).as("less than 3 x 768").isEqualTo("tile_32_slices_4");
    assertThat(tile(132, 4 * 197, 768, 3072)).isEqualTo("tile_32_slices_4");
  }

  @Test
  void fewRowsReadTheWeightsOnce() {
    for (int units : new int[] {40, 132}) {
      assertThat(tile(units, 1, 768, 3072)).isEqualTo("tile_8_slices_32");
      assertThat(tile(units, 8, 1000, 770)).isEqualTo("tile_8_slices_32");
      assertThat(tile(units, 9, 768, 3072)).isNotEqualTo("tile_8_slices_32");
    }
  }

  /** Twenty places for groups of 128: the 21st would be a second wave. */
  @Test
  void theLargeTileIsForWholeWaves() {
    assertThat(tile(10, 128 * 20, 128, 768)).isEqualTo("tile_128");
    assertThat(tile(10, 128 * 21, 128, 768)).isNotEqualTo("tile_128");
  }
}
