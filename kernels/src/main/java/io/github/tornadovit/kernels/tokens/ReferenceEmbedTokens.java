package io.github.tornadovit.kernels.tokens;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.Step;
import org.jspecify.annotations.Nullable;

/** {@link EmbedTokens} by its definition. */
public final class ReferenceEmbedTokens implements Step {
  private final EmbedTokens op;
  private final float[] prefix;
  private final float @Nullable [] positions;
  private final float[] x;
  private final float[] y;

  /** Finds the buffers and weights of {@code op}. */
  public ReferenceEmbedTokens(EmbedTokens op, HostBuffers buffers, HostWeights weights) {
    this.op = op;
    this.prefix = op.prefix() == null ? new float[0] : weights.rows(op.prefix());
    this.positions = op.positions() == null ? null : weights.rows(op.positions());
    this.x = buffers.of(op.patches());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int size = op.output().size();
    for (int image = 0; image < batch; image++) {
      for (int i = 0; i < size; i++) {
        double value =
            i < prefix.length ? prefix[i] : x[image * op.patches().size() + i - prefix.length];
        y[image * size + i] = (float) (positions == null ? value : value + positions[i]);
      }
    }
  }
}
