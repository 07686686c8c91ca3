package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import java.util.ArrayList;
import java.util.List;

/** The device memory that a program takes beside what is there, before anything is built. */
final class DeviceMemory {
  private final DeviceProgram program;
  private final Residents residents;
  private final TornadoTarget target;
  private final long free;

  /** The memory that a program takes of what is free now. On the device's thread. */
  DeviceMemory(DeviceProgram program, Residents residents, TornadoTarget target) {
    this(program, residents, target, target.freeBytes());
  }

  /**
   * @param residents that the program shares
   * @param free bytes of the device
   */
  DeviceMemory(DeviceProgram program, Residents residents, TornadoTarget target, long free) {
    this.program = program;
    this.residents = residents;
    this.target = target;
    this.free = free;
  }

  /** Batch sizes with graphs of their own: powers of two, and the largest batch. */
  static List<Integer> buckets(int maxBatch) {
    List<Integer> buckets = new ArrayList<>();
    for (int batch = 1; batch < maxBatch; batch *= 2) {
      buckets.add(batch);
    }
    buckets.add(maxBatch);
    return buckets;
  }

  /** Bytes for weights and the values of the largest batch, and the input of every batch size. */
  long bytes(int maxBatch) {
    return residents.missingBytes(program, maxBatch) + inputBytes(maxBatch);
  }

  /** Bytes for the input of every batch size. */
  long inputBytes(int maxBatch) {
    long floats = 0;
    for (int batch : buckets(maxBatch)) {
      floats += (long) batch * program.program().input().size();
    }
    floats += buckets(maxBatch).size(); // Behind each input is the number of its run.
    return Float.BYTES * floats;
  }

  /** Bytes of the largest array. */
  private long largestArray(int maxBatch) {
    long input = (long) Float.BYTES * maxBatch * program.program().input().size();
    return Math.max(input, residents.largestMissingBytes(program, maxBatch));
  }

  private boolean fits(int maxBatch) {
    return bytes(maxBatch) <= free
        && largestArray(maxBatch) <= Math.min(target.maxAllocationBytes(), 4L * Integer.MAX_VALUE);
  }

  /**
   * The largest batch that fits, halving the one asked for.
   *
   * @throws BackendException if not even one image fits
   */
  int largestBatch(int asked) {
    for (int batch = asked; batch >= 1; batch /= 2) {
      if (fits(batch)) {
        return batch;
      }
    }
    throw tooLarge("the model needs", "for one image", 1);
  }

  /**
   * Refuses what does not fit whole.
   *
   * @throws BackendException if the kernels' known answers have no room
   */
  void requireKnownAnswers(int batch) {
    if (!fits(batch)) {
      throw tooLarge("the check of its kernels needs", "", batch);
    }
  }

  private BackendException tooLarge(String who, String what, int batch) {
    return new BackendException(
        "tornado",
        ("%s %d MiB %s%sand at most %d MiB in one piece, device '%s' has %d"
                + " MiB free and gives %d MiB in one piece; choose another device with --device,"
                + " use --backend cpu, close other programs on the device, or raise"
                + " -Dtornado.device.memory where it is set")
            .formatted(
                who,
                needed(bytes(batch)),
                residents.areNone() ? "" : "more ",
                what.isEmpty() ? "" : what + " ",
                needed(largestArray(batch)),
                target.name(),
                Math.max(0, free) >> 20,
                target.maxAllocationBytes() >> 20));
  }

  /** Rounded up: what needs half of one does not fit into none. */
  private static long needed(long bytes) {
    return Math.ceilDiv(bytes, 1L << 20);
  }
}
