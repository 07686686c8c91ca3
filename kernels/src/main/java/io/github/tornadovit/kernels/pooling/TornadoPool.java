package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.program.Buffer;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The mean of some tokens of each image, one of them included: one thread per output.
 *
 * <p>Math: {@code y[b,:] = mean of x[b,t,:] over from <= t < to}. Shapes: {@code x [B, T, D], y [B,
 * D]} f32. Grid: ceil(B·D / 128) groups of 128; neighbours read neighbours.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoPool implements DeviceOperation {
  private final Buffer input;
  private final int from;
  private final int to;
  private final Buffer output;

  private TornadoPool(Buffer input, int from, int to, Buffer output) {
    this.input = input;
    this.from = from;
    this.to = to;
    this.output = output;
  }

  /** One token. */
  public static TornadoPool of(SelectToken select) {
    return new TornadoPool(select.input(), select.row(), select.row() + 1, select.output());
  }

  /** The mean of the last tokens. */
  public static TornadoPool of(MeanTokens mean) {
    return new TornadoPool(mean.input(), mean.first(), mean.input().rows(), mean.output());
  }

  @Override
  public void record(TaskRecorder recorder) {
    recorder
        .graph()
        .task(
            recorder.elementwise("pool", Math.multiplyExact(recorder.batch(), input.columns())),
            TornadoPool::pool,
            recorder.context(),
            recorder.array(input),
            recorder.array(output),
            recorder.batch(),
            input.rows(),
            input.columns(),
            from,
            to);
  }

  /** The kernel. */
  public static void pool(
      KernelContext context,
      FloatArray x,
      FloatArray y,
      int batch,
      int perImage,
      int width,
      int from,
      int to) {
    int at = context.globalIdx;
    if (at < batch * width) {
      int image = at / width;
      int first = image * perImage * width + at - image * width;
      float sum = 0f;
      for (int t = from; t < to; t++) {
        sum += x.get(first + t * width);
      }
      y.set(at, sum / (to - from));
    }
  }
}
