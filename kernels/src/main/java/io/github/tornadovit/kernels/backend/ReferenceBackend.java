package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.attention.ReferenceAttention;
import io.github.tornadovit.kernels.attention.ReferenceAttentionWeights;
import io.github.tornadovit.kernels.attention.ReferenceRotaryPositions;
import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.gate.ReferenceGate;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.layernorm.ReferenceLayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.linear.ReferenceLinear;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.patch.ReferencePatchEmbedding;
import io.github.tornadovit.kernels.pooling.Average;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.ReferenceAverage;
import io.github.tornadovit.kernels.pooling.ReferenceMeanTokens;
import io.github.tornadovit.kernels.pooling.ReferenceSelectTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import io.github.tornadovit.kernels.tokens.ReferenceEmbedTokens;
import java.util.ArrayList;
import java.util.List;

/** The oracle of every test: scalar, one thread, sums in double, obviously right, never tuned. */
@SuppressWarnings("exports") // Who plans and runs is one of our own modules.
public final class ReferenceBackend implements Backend {
  private final HostWeights weights = new HostWeights();
  private volatile boolean closed;

  /** Creates the backend. */
  public ReferenceBackend() {}

  @Override
  public DeviceInfo device() {
    return new DeviceInfo("reference", "scalar, double sums, 1 thread");
  }

  @Override
  public DeviceInfo device(Precision precision) {
    return switch (precision) {
      case F32 -> device();
      case BF16, INT8, F16 ->
          new DeviceInfo("reference", precision.label() + ", " + device().name());
    };
  }

  @Override
  public boolean attendsInBf16() {
    return true;
  }

  @Override
  public Plan plan(Program program, int maxBatch) {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
    HostBuffers buffers = new HostBuffers(Storage.onHost(program), maxBatch);
    List<Step> steps = new ArrayList<>();
    for (Operation operation : program.operations()) {
      steps.add(prepare(operation, buffers));
    }
    return new HostPlan(program, maxBatch, buffers, steps, () -> closed);
  }

  /** An operation on values that lie somewhere, to be run by itself. */
  public Step prepare(Operation operation, HostBuffers buffers) {
    return switch (operation) {
      case PatchEmbedding op -> new ReferencePatchEmbedding(op, buffers, weights);
      case EmbedTokens op -> new ReferenceEmbedTokens(op, buffers, weights);
      case LayerNorm op -> new ReferenceLayerNorm(op, buffers, weights);
      case Gate op -> new ReferenceGate(op, buffers);
      case Linear op -> new ReferenceLinear(op, buffers, weights);
      case RotaryPositions op -> new ReferenceRotaryPositions(op, buffers, weights);
      case Attention op -> new ReferenceAttention(op, buffers, weights);
      case AttentionWeights op -> new ReferenceAttentionWeights(op, buffers, weights);
      case SelectTokens op -> new ReferenceSelectTokens(op, buffers);
      case MeanTokens op -> new ReferenceMeanTokens(op, buffers);
      case Average op -> new ReferenceAverage(op, buffers);
    };
  }

  @Override
  public void close() {
    closed = true;
    weights.clear();
  }
}
