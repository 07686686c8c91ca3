package io.github.tornadovit.kernels.launch;

/**
 * A count of ptxas's machine code, which is another one for each generation of NVIDIA's GPUs.
 *
 * @param sm80 for compute capability 8.0, and taken for those before it
 * @param sm86 for 8.6 and 8.9
 * @param sm90 for 9.0, and taken for those after it
 */
public record PerTarget(int sm80, int sm86, int sm90) {
  /** One count for all of them. */
  public static PerTarget all(int count) {
    return new PerTarget(count, count, count);
  }

  /** The count for a compute capability. */
  public int on(double capability) {
    return capability < 8.6 ? sm80 : capability < 9 ? sm86 : sm90;
  }
}
