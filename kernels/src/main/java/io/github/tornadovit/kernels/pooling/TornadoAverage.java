package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tiling;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** {@code y[i] = (a[i] + b[i]) / 2}. Grid: ceil(size / 128) groups of 128. */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoAverage implements DeviceOperation {
  private final Average average;

  /** The kernel of an operation. */
  public TornadoAverage(Average average) {
    this.average = average;
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    return List.of(
        Launch.elementwise("average", Math.multiplyExact(batch, average.output().size())));
  }

  @Override
  public void record(TaskRecorder recorder) {
    int size = Math.multiplyExact(recorder.batch(), average.output().size());
    recorder.task(
        TornadoAverage::average,
        recorder.array(average.first()),
        recorder.array(average.second()),
        recorder.array(average.output()),
        size);
  }

  /** The kernel. */
  public static void average(
      KernelContext context,
      IntArray launches,
      FloatArray a,
      FloatArray b,
      FloatArray y,
      int size) {
    Launches.count(context, launches);
    int at = context.globalIdx;
    if (at < size) {
      y.set(at, 0.5f * a.get(at) + 0.5f * b.get(at));
    }
  }
}
