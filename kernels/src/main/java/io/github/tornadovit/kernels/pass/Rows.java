package io.github.tornadovit.kernels.pass;

/**
 * The rows of a buffer that are read.
 *
 * @param first how many of the first rows
 * @param rest what of the others
 */
record Rows(int first, Rest rest) {
  static final Rows NONE = new Rows(0, Rest.NOTHING);
  static final Rows ALL = new Rows(Integer.MAX_VALUE, Rest.NOTHING);

  enum Rest {
    NOTHING,
    /** Their mean alone. */
    MEAN
  }

  static Rows first(int count) {
    return new Rows(count, Rest.NOTHING);
  }

  static Rows firstAndMean(int count) {
    return new Rows(count, Rest.MEAN);
  }

  boolean hasMean() {
    return rest == Rest.MEAN;
  }

  /** Whether it is less than a buffer of that many rows. */
  boolean isPartOf(int rows) {
    return hasMean() ? first + 1 < rows : first < rows;
  }

  /** How many rows a buffer needs to hold it. */
  int count() {
    return hasMean() ? first + 1 : first;
  }

  /** What holds both: of two means of different rows there is none but all rows. */
  Rows and(Rows other) {
    if (hasMean() && other.hasMean()) {
      return first == other.first ? this : ALL;
    }
    if (!hasMean() && !other.hasMean()) {
      return first(Math.max(first, other.first));
    }
    Rows mean = hasMean() ? this : other;
    Rows alone = hasMean() ? other : this;
    return alone.first <= mean.first ? mean : ALL;
  }
}
