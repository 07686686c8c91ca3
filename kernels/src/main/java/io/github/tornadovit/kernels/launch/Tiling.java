package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.backend.Multiprocessors;
import io.github.tornadovit.kernels.program.Buffer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Chooses tiles for a device: the one whose launches have the shortest time by {@link Occupancy},
 * on a GPU of so many multiprocessors, each as those of Ampere and Ada. TornadoVM tells no more of
 * a device.
 */
public final class Tiling {
  /** Products of fewer rows than this have tiles of it, in part unused. */
  private static final int SMALL_TILE = 64;

  private final Multiprocessors like;
  private final Map<Buffer, Tile> set;

  private Tiling(Multiprocessors like, Map<Buffer, Tile> set) {
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
        new Multiprocessors(
            8.6, computeUnits, 128, 512, 1.5, (double) bytes * computeUnits, 1536, 100),
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
   * @param rows of the output, all images' together
   * @param tiles to choose from, the preferred ones first; one of {@value #SMALL_TILE} rows among
   *     them
   * @param fits whether the kernel has a tile for the product's columns and depth
   * @param launches of a tile
   */
  public Tile tile(
      Buffer output,
      int rows,
      List<Tile> tiles,
      Predicate<Tile> fits,
      Function<Tile, List<Launch>> launches) {
    List<Tile> possible =
        tiles.stream()
            .filter(tile -> tile.rows() <= Math.max(rows, SMALL_TILE) && fits.test(tile))
            .toList();
    Tile asked = set.get(output);
    if (asked != null && possible.contains(asked)) {
      return asked;
    }
    Tile best = possible.getFirst();
    double shortest = Double.MAX_VALUE;
    for (Tile tile : possible) {
      double nanos = 0;
      for (Launch launch : launches.apply(tile)) {
        nanos += Launch.GAP + Occupancy.nanos(launch, like);
      }
      if (nanos < shortest) {
        shortest = nanos;
        best = tile;
      }
    }
    return best;
  }
}
