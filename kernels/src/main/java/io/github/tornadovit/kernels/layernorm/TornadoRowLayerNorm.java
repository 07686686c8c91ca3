package io.github.tornadovit.kernels.layernorm;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.WeightLayout;
import io.github.tornadovit.kernels.launch.WeightSlot;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Layer norm over the last axis, one thread per row, for CPU devices of OpenCL: there a work-group
 * is a loop, and the barriers of {@link TornadoLayerNorm} cost more than they share.
 *
 * <p>Math and shapes as {@link TornadoLayerNorm}. Four sums side by side, so that a row's sum is no
 * chain of dependent additions.
 *
 * <p>Grid: none; TornadoVM shares the rows among the cores. Requires: R, D ≥ 1.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoRowLayerNorm implements DeviceOperation {
  private final LayerNorm norm;
  private final WeightSlot<FloatArray> weights;

  /** Places scale and shift. */
  public TornadoRowLayerNorm(LayerNorm norm, WeightLayout layout) {
    this.norm = norm;
    weights = layout.plain(norm.weight(), norm.bias());
  }

  @Override
  public void record(TaskRecorder recorder) {
    recorder
        .graph()
        .task(
            recorder.parallel("layer_norm_rows"),
            TornadoRowLayerNorm::layerNorm,
            recorder.array(norm.input()),
            weights.array(),
            recorder.array(norm.output()),
            weights.offset(),
            Math.multiplyExact(recorder.batch(), norm.input().rows()),
            norm.input().columns(),
            norm.eps());
  }

  /** The kernel. */
  public static void layerNorm(
      FloatArray x, FloatArray w, FloatArray y, int offset, int rows, int width, float epsilon) {
    for (@Parallel int row = 0; row < rows; row++) {
      int first = row * width;
      int quads = width / 4 * 4;
      float sum0 = 0f;
      float sum1 = 0f;
      float sum2 = 0f;
      float sum3 = 0f;
      for (int j = 0; j < quads; j += 4) {
        sum0 += x.get(first + j);
        sum1 += x.get(first + j + 1);
        sum2 += x.get(first + j + 2);
        sum3 += x.get(first + j + 3);
      }
      for (int j = quads; j < width; j++) {
        sum0 += x.get(first + j);
      }
      float mean = (sum0 + sum1 + (sum2 + sum3)) / width;
      float square0 = 0f;
      float square1 = 0f;
      float square2 = 0f;
      float square3 = 0f;
      for (int j = 0; j < quads; j += 4) {
        float d0 = x.get(first + j) - mean;
        float d1 = x.get(first + j + 1) - mean;
        float d2 = x.get(first + j + 2) - mean;
        float d3 = x.get(first + j + 3) - mean;
        square0 += d0 * d0;
        square1 += d1 * d1;
        square2 += d2 * d2;
        square3 += d3 * d3;
      }
      for (int j = quads; j < width; j++) {
        float d = x.get(first + j) - mean;
        square0 += d * d;
      }
      float variance = (square0 + square1 + (square2 + square3)) / width;
      float rescale = 1f / TornadoMath.sqrt(variance + epsilon);
      for (int j = 0; j < width; j++) {
        float normed = (x.get(first + j) - mean) * rescale;
        y.set(first + j, normed * w.get(offset + j) + w.get(offset + width + j));
      }
    }
  }
}
