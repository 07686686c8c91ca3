package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;

/** {@link Copy} on all cores, an image per task. */
public final class CpuCopy implements Step, ThreadTeam.Job {
  private final int size;
  private final CpuDevice device;
  private final float[] x;
  private final float[] y;

  /** Finds the buffers of {@code op}. */
  public CpuCopy(Copy op, HostBuffers buffers, CpuDevice device) {
    this.size = op.output().size();
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
    System.arraycopy(x, image * size, y, image * size, size);
  }
}
