package io.github.tornadovit.kernels.launch;

/**
 * One launch of a kernel: its name, its grid, and what it asks of a device. Known without a device
 * and without TornadoVM.
 *
 * @param kernel its name in reports
 * @param groupsX work-groups along x
 * @param groupsY work-groups along y
 * @param groupsZ work-groups along z
 * @param groupSize work-items of a group, along x
 * @param localBytes local memory of a group, as the kernel allocates it
 * @param effort for a model of its time
 */
public record Launch(
    String kernel,
    int groupsX,
    int groupsY,
    int groupsZ,
    int groupSize,
    int localBytes,
    Effort effort) {

  /** Nanoseconds from the end of a kernel to the start of the next. */
  public static final int GAP = 2500;

  /** Work-items per group of a kernel that has one for each element. */
  public static final int ELEMENTWISE_GROUP = 128;

  private static final int ELEMENTWISE_REGISTERS = 32;
  private static final int ELEMENTWISE_INSTRUCTIONS = 60;

  private static final int ELEMENTWISE_FLOATS = 3;

  /** A work-item for each element, rounded up to whole groups. */
  public static Launch elementwise(String kernel, int elements) {
    return elementwise(kernel, elements, ELEMENTWISE_FLOATS);
  }

  /**
   * The same.
   *
   * @param floats that a work-item reads and writes
   */
  public static Launch elementwise(String kernel, int elements, int floats) {
    return new Launch(
        kernel,
        Math.ceilDiv(elements, ELEMENTWISE_GROUP),
        1,
        1,
        ELEMENTWISE_GROUP,
        0,
        new Effort(
            ELEMENTWISE_REGISTERS,
            1,
            ELEMENTWISE_INSTRUCTIONS,
            0,
            0,
            Effort.MEMORY_LATENCY,
            (long) floats * Float.BYTES * elements));
  }

  /** All groups. */
  public long groups() {
    return (long) groupsX * groupsY * groupsZ;
  }

  /** The grid in words: {@code 12 x 4 x 1 groups of 64}. */
  public String grid() {
    return "%d x %d x %d groups of %d".formatted(groupsX, groupsY, groupsZ, groupSize);
  }
}
