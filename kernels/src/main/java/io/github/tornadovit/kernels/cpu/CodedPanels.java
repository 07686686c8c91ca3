package io.github.tornadovit.kernels.cpu;

import org.jspecify.annotations.Nullable;

/**
 * A coded weight as the right factor of a product: panels of {@code w} columns in the order in
 * which a tile reads them, the last one padded with zeros. A group is the codes of neighbouring k
 * that are multiplied at once, side by side in a panel; the depth is padded to whole groups, or to
 * as many as a tile takes at once.
 *
 * <p>{@code code(k, n)} begins at byte {@code START + panelBytes (n / w) + ((k / g) w + n % w)
 * groupBytes + (k % g) codeBytes}, for groups of g codes.
 */
public final class CodedPanels {
  /** Index of the first panel: on a cache line, as {@link Panels#START} is. */
  public static final int START = 48;

  private final byte[] codes;
  private final int groups;
  private final int panelBytes;
  private final int width;
  private final int[] ends;
  private final float @Nullable [] factors;

  /**
   * Panels from {@link #START} on.
   *
   * @param groups of a column
   * @param panelBytes of a panel
   * @param width columns of a panel
   * @param ends what the sums of each column become results with, bias aside: as many values for
   *     every column, panel by panel, those of one kind side by side
   */
  CodedPanels(byte[] codes, int groups, int panelBytes, int width, int[] ends) {
    this(codes, groups, panelBytes, width, ends, null);
  }

  private CodedPanels(
      byte[] codes, int groups, int panelBytes, int width, int[] ends, float @Nullable [] factors) {
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

  /** The panels, from {@link #START} on; not a copy. */
  public byte[] codes() {
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

  /** Index in {@link #codes} of a panel. */
  public int start(int panel) {
    return START + panel * panelBytes;
  }

  private int panels() {
    return (codes.length - START) / panelBytes;
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
