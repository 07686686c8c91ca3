package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Halves;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.program.Buffer;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Means over a window that slides from token to token of each image, behind tokens that are kept as
 * they are: one thread per output. A window of one token selects.
 *
 * <p>Math: {@code y[b,r,:] = x[b,r,:]} for {@code r < kept}, {@code y[b,kept + r,:] = mean of
 * x[b,t,:] over first + r <= t < first + r + window}. Shapes: {@code x [B, T, D], y [B, R D]} f32;
 * y in float16 for a product that reads it so. Grid: ceil(B·R·D / 128) groups of 128; neighbours
 * read neighbours.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoPool implements DeviceOperation {
  private final Buffer input;
  private final int kept;
  private final int first;
  private final int window;
  private final Buffer output;
  private final boolean toHalves;

  private TornadoPool(
      Buffer input, int kept, int first, int window, Buffer output, boolean toHalves) {
    this.input = input;
    this.kept = kept;
    this.first = first;
    this.window = window;
    this.output = output;
    this.toHalves = toHalves;
  }

  /**
   * Some tokens.
   *
   * @param toHalves whether the output lies as float16
   */
  public static TornadoPool of(SelectTokens select, boolean toHalves) {
    return new TornadoPool(select.input(), 0, select.first(), 1, select.output(), toHalves);
  }

  /**
   * The mean of the last tokens.
   *
   * @param toHalves whether the output lies as float16
   */
  public static TornadoPool of(MeanTokens mean, boolean toHalves) {
    int window = mean.input().rows() - mean.first();
    return new TornadoPool(
        mean.input(), mean.kept(), mean.first(), window, mean.output(), toHalves);
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    return List.of(Launch.elementwise("pool", Math.multiplyExact(batch, output.size())));
  }

  @Override
  public void record(TaskRecorder recorder) {
    recorder.task(
        TornadoPool::pool,
        recorder.array(input),
        recorder.array(output),
        recorder.halves(output),
        toHalves ? 1 : 0,
        recorder.batch(),
        input.rows(),
        output.size() / input.columns(),
        input.columns(),
        kept,
        first,
        window);
  }

  /** The kernel. */
  public static void pool(
      KernelContext context,
      IntArray launches,
      FloatArray x,
      FloatArray y,
      HalfFloatArray halves,
      int toHalves,
      int batch,
      int inputRows,
      int outputRows,
      int width,
      int kept,
      int first,
      int window) {
    Launches.count(context, launches);
    int at = context.globalIdx;
    if (at < batch * outputRows * width) {
      int row = at / width;
      int image = row / outputRows;
      int token = row - image * outputRows;
      int count = 1;
      if (token >= kept) {
        token = token - kept + first;
        count = window;
      }
      int source = (image * inputRows + token - row) * width + at;
      float sum = 0f;
      for (int t = 0; t < count; t++) {
        sum += x.get(source + t * width);
      }
      Halves.store(y, halves, at, sum / count, toHalves);
    }
  }
}
