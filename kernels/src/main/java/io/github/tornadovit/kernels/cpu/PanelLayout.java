package io.github.tornadovit.kernels.cpu;

/**
 * How the codes of a right factor lie in {@link CodedPanels}. A group is the codes of neighbouring
 * k that are multiplied at once, side by side; a strip is neighbouring columns of a panel, of which
 * a group of each comes before the next group of any.
 *
 * @param width columns of a panel
 * @param strip columns of a strip, of which a panel has a whole number
 * @param group codes of a group
 * @param groupBytes bytes of a group
 * @param step the depth is padded with zeros to whole steps of so many groups
 */
public record PanelLayout(int width, int strip, int group, int groupBytes, int step) {

  /** Of panels that are one strip, their depth padded to whole groups. */
  public static PanelLayout ofWhole(int width, int group, int groupBytes) {
    return new PanelLayout(width, width, group, groupBytes, 1);
  }

  /** The same in strips, padded to whole steps. */
  public PanelLayout inStrips(int columns, int groups) {
    return new PanelLayout(width, columns, group, groupBytes, groups);
  }

  /** Groups of a column of so many codes. */
  public int groups(int depth) {
    return Math.ceilDiv(depth, group * step) * step;
  }

  /** Bytes of a panel. */
  public int panelBytes(int depth) {
    return Math.multiplyExact(Math.multiplyExact(groups(depth), groupBytes), width);
  }

  /** Bytes from a panel's start to a column's first group. */
  int column(int j, int depth) {
    return (j / strip * strip * groups(depth) + j % strip) * groupBytes;
  }

  /** Bytes from a group of a column to the next. */
  public int stride() {
    return strip * groupBytes;
  }

  /** Where a column's first group begins in panels of this layout. */
  public long start(int column, CodedPanels panels) {
    int groups = panels.groups();
    int j = column % width;
    return panels.start(column / width)
        + (long) (j / strip * strip * groups + j % strip) * groupBytes;
  }
}
