package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.program.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation of a program as a kernel, or several, on a device; {@link #record} adds it to a task
 * graph, once per batch size.
 */
public interface DeviceOperation {

  /** The weights that it reads. */
  default List<PackedWeight> weights() {
    return List.of();
  }

  /** Buffers of the device that only this operation uses, from one of its kernels to the next. */
  default List<Buffer> scratch() {
    return List.of();
  }

  /** Such buffers that lie as float16. */
  default List<Buffer> halfScratch() {
    return List.of();
  }

  /** Bytes that its launches before the last one read and write, per image. */
  default long preparedBytes() {
    return 0;
  }

  /**
   * The tile of its product: all that the number of rows decides of its kernels. Null if it has
   * none.
   *
   * @param rows of the output, all images' together
   * @param tiling of the device
   */
  default @Nullable Tile tile(int rows, Tiling tiling) {
    return null;
  }

  /**
   * Its launches for a batch, in order.
   *
   * @param tiling of the device
   */
  List<Launch> launches(int batch, Tiling tiling);

  /** Hands on a task for each of its {@linkplain #launches launches}, for the recorder's batch. */
  void record(TaskRecorder recorder);
}
