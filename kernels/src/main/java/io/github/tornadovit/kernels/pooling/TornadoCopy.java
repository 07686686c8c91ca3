package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** {@code y[i] = x[i]}. Grid: ceil(size / 128) groups of 128. */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoCopy implements DeviceOperation {
  private final Copy copy;

  /** The kernel of an operation. */
  public TornadoCopy(Copy copy) {
    this.copy = copy;
  }

  @Override
  public void record(TaskRecorder recorder) {
    int size = Math.multiplyExact(recorder.batch(), copy.output().size());
    recorder
        .graph()
        .task(
            recorder.elementwise("copy", size),
            TornadoCopy::copy,
            recorder.context(),
            recorder.launches(),
            recorder.array(copy.input()),
            recorder.array(copy.output()),
            size);
  }

  /** The kernel. */
  public static void copy(
      KernelContext context, IntArray launches, FloatArray x, FloatArray y, int size) {
    Launches.count(context, launches);
    int at = context.globalIdx;
    if (at < size) {
      y.set(at, x.get(at));
    }
  }
}
