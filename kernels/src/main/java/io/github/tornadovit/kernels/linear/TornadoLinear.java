package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tile;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.program.Buffer;
import java.util.List;

/**
 * A linear layer on a device: {@link TornadoTiles}, with {@link TornadoParts} where k is cut into
 * parts, or {@link TornadoFewRows} where it has few rows.
 */
@SuppressWarnings("exports") // The kernels of this module alone use it.
public final class TornadoLinear implements DeviceOperation {
  /** Parts of k: their sums are as many as query, key and value, which lie in the same place. */
  private static final int PARTS = 3;

  /** Sums of parts that a second level cache has room for. */
  private static final int PARTS_BYTES = 3 << 20;

  /**
   * The large tile needs the fewest loads for a product; slices and parts of k and fewer rows keep
   * a device busy that has few groups; the last one is that of another kernel, {@link
   * TornadoFewRows}. The first of them that take the shortest time is taken.
   */
  public static final List<Tile> TILES =
      List.of(
          new Tile(128, 128, 1),
          new Tile(64, 64, 1),
          new Tile(64, 64, 4),
          new Tile(32, 64, 4),
          new Tile(128, 128, 1, PARTS),
          new Tile(64, 64, 4, PARTS),
          new Tile(32, 64, 4, PARTS),
          TornadoFewRows.TILE);

  private final String kernel;
  private final Linear linear;
  private final TransposedWeight weights;
  private final Buffer sums;

  /** The kernel of an operation. */
  public TornadoLinear(Linear linear) {
    this("linear", linear);
  }

  /**
   * The kernel of a product that is part of another operation.
   *
   * @param kernel its name in reports
   */
  public TornadoLinear(String kernel, Linear linear) {
    if (linear.matrix().precision() != Precision.F32) {
      throw new BackendException(
          "tornado",
          "no kernel multiplies in %s, which runs on the backend cpu"
              .formatted(linear.matrix().precision().label()));
    }
    this.kernel = kernel;
    this.linear = linear;
    weights = new TransposedWeight(linear.weight(), linear.bias(), linear.scale());
    Buffer y = linear.output();
    sums = new Buffer("parts of " + y.name(), PARTS * y.rows(), y.columns());
  }

  @Override
  public List<PackedWeight> weights() {
    return List.of(weights);
  }

  @Override
  public List<Buffer> scratch() {
    return isDeep() ? List.of(sums) : List.of();
  }

  /** Sums of parts then take no more memory than the input. */
  private boolean isDeep() {
    return (long) PARTS * linear.weight().rows() <= linear.weight().columns();
  }

  private boolean hasParts(int rows) {
    long bytes = (long) Float.BYTES * PARTS * rows * linear.weight().rows();
    return isDeep() && bytes <= PARTS_BYTES;
  }

  @Override
  public Tile tile(int rows, Tiling tiling) {
    int k = linear.weight().columns();
    return tiling.tile(
        linear.output(),
        rows,
        TILES,
        tile ->
            tile.equals(TornadoFewRows.TILE)
                ? rows <= TornadoFewRows.ROWS
                : TornadoTiles.fits(tile, k) && (tile.parts() == 1 || hasParts(rows)),
        tile -> launches(tile, rows));
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    int m = Math.multiplyExact(batch, linear.input().rows());
    return launches(tile(m, tiling), m);
  }

  @Override
  public void record(TaskRecorder recorder) {
    Place w = recorder.place(weights);
    int m = Math.multiplyExact(recorder.batch(), linear.input().rows());
    int n = linear.weight().rows();
    Tile tile = tile(m, recorder.tiling());
    if (tile.equals(TornadoFewRows.TILE)) {
      recorder.task(
          TornadoFewRows::linear,
          recorder.array(linear.input()),
          w.array(),
          recorder.array(linear.addedOrOutput()),
          recorder.array(linear.output()),
          w.offset(),
          m,
          n,
          linear.weight().columns(),
          TornadoEpilogue.of(linear.epilogue()));
      return;
    }
    int epilogue = TornadoEpilogue.of(linear.epilogue());
    recorder.task(
        TornadoTiles::linear,
        recorder.array(linear.input()),
        w.array(),
        recorder.array(linear.addedOrOutput()),
        recorder.array(tile.parts() == 1 ? linear.output() : sums),
        w.offset(),
        tile.code(),
        m,
        n,
        linear.weight().columns(),
        tile.parts() == 1 ? epilogue : TornadoEpilogue.NONE);
    if (tile.parts() > 1) {
      recorder.task(
          TornadoParts::add,
          recorder.array(sums),
          w.array(),
          recorder.array(linear.addedOrOutput()),
          recorder.array(linear.output()),
          w.offset() + weights.biasAt(),
          tile.parts(),
          Math.multiplyExact(m, n),
          n,
          epilogue);
    }
  }

  private List<Launch> launches(Tile tile, int m) {
    int n = linear.weight().rows();
    int k = linear.weight().columns();
    if (tile.equals(TornadoFewRows.TILE)) {
      return List.of(TornadoFewRows.launch(kernel, m, n, k));
    }
    Launch product = TornadoTiles.launch(kernel, tile, m, n, k);
    return tile.parts() == 1
        ? List.of(product)
        : List.of(product, TornadoParts.launch(kernel, tile.parts(), m, n));
  }
}
