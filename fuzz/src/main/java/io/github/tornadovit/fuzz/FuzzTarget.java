package io.github.tornadovit.fuzz;

/** Hands bytes to one reader. For one thread. */
public interface FuzzTarget {
  /**
   * Reads the input as the product would.
   *
   * @throws AssertionError if what was read contradicts itself or the input
   * @throws Exception what the reader documents for bytes that it refuses; anything else is a
   *     finding
   */
  void read(byte[] input) throws Exception;
}
