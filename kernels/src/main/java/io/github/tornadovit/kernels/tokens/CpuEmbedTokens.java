package io.github.tornadovit.kernels.tokens;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import org.jspecify.annotations.Nullable;

/**
 * {@link EmbedTokens} on all cores, an image per task; memory-bound, so plain loops, which the JIT
 * compiler vectorises.
 */
public final class CpuEmbedTokens implements Step, ThreadTeam.Job {
  private final EmbedTokens op;
  private final CpuDevice device;
  private final float[] prefix;
  private final float @Nullable [] positions;
  private final float[] x;
  private final float[] y;

  /** Finds the buffers and weights of {@code op}. */
  public CpuEmbedTokens(EmbedTokens op, HostBuffers buffers, CpuDevice device) {
    this.op = op;
    this.device = device;
    this.prefix = op.prefix() == null ? new float[0] : device.weights().rows(op.prefix());
    this.positions = op.positions() == null ? null : device.weights().rows(op.positions());
    this.x = buffers.of(op.patches());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    device.team().run(batch, this);
  }

  @Override
  public void run(int image, int worker) {
    int start = image * op.output().size();
    int patches = op.patches().size();
    System.arraycopy(prefix, 0, y, start, prefix.length);
    System.arraycopy(x, image * patches, y, start + prefix.length, patches);
    if (positions != null) {
      for (int i = 0; i < positions.length; i++) {
        y[start + i] += positions[i];
      }
    }
  }
}
