package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import java.util.Arrays;

/**
 * {@link MeanTokens} on all cores, some columns of an image per task; memory-bound, so plain loops
 * along the row, which the JIT compiler vectorises.
 */
public final class CpuMeanTokens implements Step, ThreadTeam.Job {
  private static final int COLUMNS = 256;

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
    int width = op.input().columns();
    for (int image = 0; image < batch; image++) {
      int to = image * op.output().size();
      System.arraycopy(x, image * op.input().size(), y, to, op.kept() * width);
    }
    device.team().run(batch * Math.ceilDiv(width, COLUMNS), this);
  }

  @Override
  public void run(int task, int worker) {
    int width = op.input().columns();
    int tasks = Math.ceilDiv(width, COLUMNS);
    int image = task / tasks;
    int column = task % tasks * COLUMNS;
    int columns = Math.min(COLUMNS, width - column);
    int from = image * op.input().size() + column;
    int to = image * op.output().size() + op.kept() * width + column;
    Arrays.fill(y, to, to + columns, 0);
    for (int row = op.first(); row < op.input().rows(); row++) {
      for (int i = 0; i < columns; i++) {
        y[to + i] += x[from + row * width + i];
      }
    }
    float count = op.input().rows() - op.first();
    for (int i = 0; i < columns; i++) {
      y[to + i] /= count;
    }
  }
}
