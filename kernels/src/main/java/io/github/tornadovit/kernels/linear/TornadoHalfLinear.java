package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tile;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A linear layer with float16 factors on a device: {@link TornadoHalfTiles}, after a kernel that
 * rounds its input where that lies as float32.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoHalfLinear implements DeviceOperation {
  private static final int SLICES = 4;

  /** As those of {@link TornadoLinear#TILES}. */
  public static final List<Tile> TILES =
      List.of(new Tile(128, 128, 1), new Tile(64, 64, 1), new Tile(64, 64, SLICES));

  private final Linear linear;
  private final boolean ofHalves;
  private final boolean toHalves;
  private final Buffer rounded;
  private final PackedWeight weights;
  private final PackedWeight vectors;
  private final Buffer sums;

  /**
   * The kernel of an operation.
   *
   * @param ofHalves whether its input lies as float16; else a kernel before it rounds it
   * @param toHalves whether its output does
   */
  public TornadoHalfLinear(Linear linear, boolean ofHalves, boolean toHalves) {
    this.linear = linear;
    this.ofHalves = ofHalves;
    this.toHalves = toHalves;
    Buffer x = linear.input();
    rounded = ofHalves ? x : new Buffer(x.name() + " in float16", x.rows(), x.columns());
    weights = new HalfWeight(linear.weight());
    vectors = new ScaledBias(linear.weight().rows(), linear.bias(), linear.scale());
    sums =
        new Buffer(
            "sums of " + linear.output().name(),
            (isSliced(linear.weight()) ? SLICES : 1)
                * (linear.input().rows() + TornadoHalfTiles.FRAGMENT - 1),
            Padding.columns(linear.weight().rows()));
  }

  @Override
  public List<PackedWeight> weights() {
    return List.of(weights, vectors);
  }

  @Override
  public List<Buffer> scratch() {
    return List.of(sums);
  }

  @Override
  public List<Buffer> halfScratch() {
    return ofHalves ? List.of() : List.of(rounded);
  }

  @Override
  public long preparedBytes() {
    return ofHalves ? 0 : (long) (Float.BYTES + Short.BYTES) * rounded.size();
  }

  @Override
  public Tile tile(int rows, Tiling tiling) {
    int k = linear.weight().columns();
    return tiling.tile(
        linear.output(),
        rows,
        TILES,
        tile -> (tile.slices() == 1 || isSliced(linear.weight())) && TornadoHalfTiles.fits(tile, k),
        tile -> List.of(launch(tile, rows)));
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    int m = Math.multiplyExact(batch, linear.input().rows());
    Launch product = launch(tile(m, tiling), m);
    return ofHalves
        ? List.of(product)
        : List.of(Launch.elementwise("round", Math.multiplyExact(batch, rounded.size())), product);
  }

  /**
   * Only what is at least as deep as wide has slices, for which there are few groups and long sums;
   * theirs then take no more memory than those of a wide product, which lie in the same place.
   */
  private static boolean isSliced(Weight weight) {
    return weight.rows() <= weight.columns();
  }

  private Launch launch(Tile tile, int m) {
    int n = linear.weight().rows();
    int k = linear.weight().columns();
    int epilogue = TornadoEpilogue.of(linear.epilogue());
    return TornadoHalfTiles.launch(tile, epilogue, toHalves, m, n, k);
  }

  @Override
  public void record(TaskRecorder recorder) {
    Place w = recorder.place(weights);
    Place v = recorder.place(vectors);
    int m = Math.multiplyExact(recorder.batch(), linear.input().rows());
    int n = linear.weight().rows();
    if (!ofHalves) {
      recorder.task(
          TornadoHalfLinear::toHalves,
          recorder.array(linear.input()),
          recorder.halves(rounded),
          Math.multiplyExact(recorder.batch(), rounded.size()));
    }
    Tile tile = tile(m, recorder.tiling());
    recorder.task(
        TornadoHalfTiles::linear,
        recorder.halves(rounded),
        w.ints(),
        v.array(),
        recorder.array(linear.addedOrOutput()),
        recorder.array(sums),
        recorder.array(linear.output()),
        recorder.halves(linear.output()),
        w.offset(),
        v.offset(),
        TornadoHalfTiles.form(tile, TornadoEpilogue.of(linear.epilogue()), toHalves),
        m,
        n,
        linear.weight().columns());
  }

  /** Rounds x before it where it lies as float32, one thread for each element. */
  public static void toHalves(
      KernelContext context, IntArray launches, FloatArray x, HalfFloatArray y, int size) {
    Launches.count(context, launches);
    int at = context.globalIdx;
    if (at < size) {
      y.set(at, new HalfFloat(x.get(at)));
    }
  }
}
