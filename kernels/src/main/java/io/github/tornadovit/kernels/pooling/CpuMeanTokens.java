package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import java.util.Arrays;

/**
 * {@link MeanTokens} on all cores, an image per task; memory-bound, so plain loops along the row,
 * which the JIT compiler vectorises.
 */
public final class CpuMeanTokens implements Step, ThreadTeam.Job {
  private final MeanTokens op;
  private final CpuDevice device;
  private final float[] x;
  private final float[] y;

  /** Finds the buffers of {@code op}. */
  public CpuMeanTokens(MeanTokens op, HostBuffers buffers, CpuDevice device) {
    this.op = op;
    this.device = device;
    this.x = buffers.of(op.input());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    device.team().run(batch, this);
  }

  @Override
  public void run(int image, int worker) {
    int width = op.input().columns();
    int rows = op.input().rows();
    int to = image * width;
    Arrays.fill(y, to, to + width, 0);
    for (int row = op.first(); row < rows; row++) {
      int from = (image * rows + row) * width;
      for (int i = 0; i < width; i++) {
        y[to + i] += x[from + i];
      }
    }
    float count = rows - op.first();
    for (int i = 0; i < width; i++) {
      y[to + i] /= count;
    }
  }
}
