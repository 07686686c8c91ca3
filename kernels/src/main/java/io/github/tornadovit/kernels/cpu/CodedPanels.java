package io.github.tornadovit.kernels.cpu;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A coded weight as the right factor of a product: panels of {@code w} columns in the order in
 * which a tile reads them, the last one padded with zeros; in a panel codes lie as a {@link
 * PanelLayout} says. Where a panel is one strip, {@code code(k, n)} begins at byte {@code
 * panelBytes (n / w) + ((k / g) w + n % w) groupBytes + (k % g) codeBytes}, for groups of g codes.
 *
 * <p>They lie on whole {@link CacheLines}.
 */
public final class CodedPanels {
  private final MemorySegment codes;
  private final int groups;
  private final int panelBytes;
  private final int width;
  private final int[] ends;
  private final float @Nullable [] factors;

  /** Room for panels, of zeros. */
  static MemorySegment room(int panels, int panelBytes) {
    return CacheLines.room((long) panels * panelBytes);
  }

  /**
   * Panels in memory of {@link #room}.
   *
   * @param groups of a column
   * @param panelBytes of a panel
   * @param width columns of a panel
   * @param ends what the sums of each column become results with, bias aside: as many values for
   *     every column, panel by panel, those of one kind side by side
   */
  CodedPanels(MemorySegment codes, int groups, int panelBytes, int width, int[] ends) {
    this(codes, groups, panelBytes, width, ends, null);
  }

  /**
   * Panels in memory that is there, for codes without ends.
   *
   * @param codes from a whole cache line on, as long as they are
   * @param depth codes of a column
   */
  public static CodedPanels of(MemorySegment codes, PanelLayout layout, int depth) {
    return new CodedPanels(
        codes, layout.groups(depth), layout.panelBytes(depth), layout.width(), new int[0]);
  }

  private CodedPanels(
      MemorySegment codes,
      int groups,
      int panelBytes,
      int width,
      int[] ends,
      float @Nullable [] factors) {
    this.codes = codes;
    this.groups = groups;
    this.panelBytes = panelBytes;
    this.width = width;
    this.ends = ends;
    this.factors = factors;
  }

  /** The same panels, to be multiplied with rows times factors; see {@link Smoothing}. */
  CodedPanels smoothed(float[] factors) {
    return new CodedPanels(codes, groups, panelBytes, width, ends, factors);
  }

  /** By which a row is multiplied before it is coded, one per column; null for 1. */
  float @Nullable [] factors() {
    return factors;
  }

  /** The panels, not a copy. */
  public MemorySegment codes() {
    return codes;
  }

  /** Groups of a column. */
  public int groups() {
    return groups;
  }

  /** Bytes of a panel. */
  public int panelBytes() {
    return panelBytes;
  }

  /** Where a panel begins. */
  public long start(int panel) {
    return (long) panel * panelBytes;
  }

  private int panels() {
    return (int) (codes.byteSize() / panelBytes);
  }

  /**
   * What the sums of each column become results with: per panel w of each kind of value that the
   * codes have, then the bits of w biases.
   *
   * @param bias of the columns, padded; null for zeros
   */
  public int[] ends(float @Nullable [] bias) {
    int own = ends.length / panels();
    int[] all = new int[ends.length + panels() * width];
    for (int panel = 0; panel < panels(); panel++) {
      int to = ends(panel);
      System.arraycopy(ends, panel * own, all, to, own);
      for (int j = 0; bias != null && j < width; j++) {
        all[to + own + j] = Float.floatToRawIntBits(bias[panel * width + j]);
      }
    }
    return all;
  }

  /** Index in {@link #ends(float[])} of a panel's. */
  public int ends(int panel) {
    return panel * endsLength();
  }

  /** Ints of a panel's ends. */
  public int endsLength() {
    return ends.length / panels() + width;
  }
}
