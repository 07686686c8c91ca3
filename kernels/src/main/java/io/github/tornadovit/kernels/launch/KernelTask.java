package io.github.tornadovit.kernels.launch;

/**
 * One kernel launch of a recorded graph.
 *
 * @param id of the task in its graph
 * @param kernel what runs, for example {@code linear}
 * @param output the buffer that it writes
 * @param section of the program
 * @param groups work-groups, {@code x * y * z}; 0 if TornadoVM chooses them
 * @param groupSize work-items in a group; 0 if TornadoVM chooses it
 * @param flops floating point operations, a multiply-add counted as two; none of a kernel that only
 *     prepares what the operation's last kernel reads
 * @param bytes of the operation's inputs, weights and output, each counted once; of a kernel that
 *     prepares, what it reads and writes
 */
public record KernelTask(
    String id,
    String kernel,
    String output,
    String section,
    String groups,
    int groupSize,
    long flops,
    long bytes) {

  /** The same launch, doing the work of an operation. */
  public KernelTask doing(long flops, long bytes) {
    return new KernelTask(id, kernel, output, section, groups, groupSize, flops, bytes);
  }

  /** Groups and their size, as a person reads it. */
  public String grid() {
    return groupSize == 0 ? "chosen by TornadoVM" : groups + " groups of " + groupSize;
  }
}
