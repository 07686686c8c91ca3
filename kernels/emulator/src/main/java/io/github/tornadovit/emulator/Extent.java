package io.github.tornadovit.emulator;

/** A size or a place along the axes x, y, z. */
record Extent(int x, int y, int z) {
  /** How many places a size has. */
  int count() {
    return x * y * z;
  }

  /** The place of a linear number in this size; x runs fastest. */
  Extent place(int number) {
    return new Extent(number % x, number / x % y, number / x / y);
  }

  int axis(int axis) {
    return switch (axis) {
      case 0 -> x;
      case 1 -> y;
      default -> z;
    };
  }

  @Override
  public String toString() {
    return "(" + x + ", " + y + ", " + z + ")";
  }
}
