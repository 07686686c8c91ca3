package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.backend.Gpu;
import io.github.tornadovit.kernels.program.Buffer;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Chooses tiles for a device: the one whose launch has the shortest time by {@link Occupancy}, on a
 * GPU of so many multiprocessors, each as those of Ampere and Ada. TornadoVM tells no more of a
 * device.
 */
public final class Tiling {
  private final Gpu like;
  private final Map<Buffer, Tile> set;

  private Tiling(Gpu like, Map<Buffer, Tile> set) {
    this.like = like;
    this.set = Map.copyOf(set);
  }

  /**
   * For a device.
   *
   * @param computeUnits its multiprocessors
   */
  public static Tiling of(int computeUnits) {
    int bytes = 40; // A second level cache moves about as much for each of them in a nanosecond.
    return new Tiling(
        new Gpu(
            "as the device",
            computeUnits,
            128,
            512,
            1.5,
            10.0 * computeUnits,
            (double) bytes * computeUnits,
            40,
            24,
            1536,
            100),
        Map.of());
  }

  /** The same, but for some outputs, whose products have these tiles where they can. */
  public Tiling with(Map<Buffer, Tile> tiles) {
    return new Tiling(like, tiles);
  }

  /**
   * The tile of a product.
   *
   * @param output of the product
   * @param possible tiles, each with its launch, the preferred ones first; at least one
   */
  public Tile tile(Buffer output, SequencedMap<Tile, Launch> possible) {
    Tile asked = set.get(output);
    if (asked != null && possible.containsKey(asked)) {
      return asked;
    }
    Tile best = possible.firstEntry().getKey();
    double shortest = Double.MAX_VALUE;
    for (Map.Entry<Tile, Launch> one : possible.entrySet()) {
      double nanos = Occupancy.nanos(one.getValue(), like);
      if (nanos < shortest) {
        shortest = nanos;
        best = one.getKey();
      }
    }
    return best;
  }
}
