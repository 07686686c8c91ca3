package io.github.tornadovit.engine.forward;

import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.ColumnRanges;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How large the channels of the values of a program are, without any image: what a layer norm
 * writes has mean beta and standard deviation gamma, which a linear layer carries on as if channels
 * were independent. A channel reaches {@code |mean| + 3 deviations}; an activation makes that no
 * larger, a gate multiplies two of them.
 */
final class ChannelSpread {
  private static final int DEVIATIONS = 3;

  private final float[] mean;
  private final float[] deviation;

  private ChannelSpread(float[] mean, float[] deviation) {
    this.mean = mean;
    this.deviation = deviation;
  }

  /** The ranges of the inputs of layers, by the layers' weights; none is computed yet. */
  static Map<Weight, ColumnRanges> ofInputs(Program program) {
    Map<Buffer, Supplier<ChannelSpread>> spreads = new HashMap<>();
    Map<Buffer, ColumnRanges> ranges = new HashMap<>();
    Map<Weight, ColumnRanges> inputs = new HashMap<>();
    for (Operation operation : program.operations()) {
      Buffer output = operation.output();
      switch (operation) {
        case LayerNorm norm -> spreads.put(output, once(() -> of(norm)));
        case Linear linear -> {
          ColumnRanges known = ranges.get(linear.input());
          if (known != null) {
            inputs.put(linear.weight(), known);
          }
          Supplier<ChannelSpread> spread = spreads.get(linear.input());
          if (spread != null && linear.epilogue() instanceof Epilogue.Activate) {
            spreads.put(output, once(() -> spread.get().through(linear)));
          }
        }
        case Gate gate -> {
          ColumnRanges both = ranges.get(gate.input());
          if (both != null) {
            ranges.put(output, () -> product(both.values()));
          }
        }
        default -> {}
      }
      Supplier<ChannelSpread> spread = spreads.get(output);
      if (spread != null) {
        ranges.put(output, () -> spread.get().ranges());
      }
    }
    return inputs;
  }

  private static ChannelSpread of(LayerNorm norm) {
    return new ChannelSpread(norm.bias().toArray(), norm.weight().toArray());
  }

  /** Of {@code x W^T + bias}. */
  private ChannelSpread through(Linear layer) {
    Weight weight = layer.weight();
    Weight bias = layer.bias();
    int columns = weight.columns();
    float[] means = bias == null ? new float[weight.rows()] : bias.toArray();
    float[] deviations = new float[weight.rows()];
    float[] row = new float[columns];
    for (int n = 0; n < weight.rows(); n++) {
      weight.copyRows(n, 1, row, 0);
      float sum = 0;
      float squares = 0;
      for (int k = 0; k < columns; k++) {
        float spread = row[k] * deviation[k];
        sum += row[k] * mean[k];
        squares += spread * spread;
      }
      means[n] += sum;
      deviations[n] = (float) Math.sqrt(squares);
    }
    weight.unload(); // Else all of the file stays in memory until each is packed.
    return new ChannelSpread(means, deviations);
  }

  private float[] ranges() {
    float[] ranges = new float[mean.length];
    for (int k = 0; k < ranges.length; k++) {
      ranges[k] = Math.abs(mean[k]) + DEVIATIONS * Math.abs(deviation[k]);
    }
    return ranges;
  }

  /** Of a gate: its halves, element by element. */
  private static float[] product(float[] both) {
    float[] ranges = new float[both.length / 2];
    for (int k = 0; k < ranges.length; k++) {
      ranges[k] = both[k] * both[ranges.length + k];
    }
    return ranges;
  }

  /** The same, computed by the first of several threads that ask. */
  private static Supplier<ChannelSpread> once(Supplier<ChannelSpread> spread) {
    return new Supplier<>() {
      private @Nullable ChannelSpread computed;

      @Override
      public synchronized ChannelSpread get() {
        ChannelSpread value = computed;
        if (value == null) {
          value = spread.get();
          computed = value;
        }
        return value;
      }
    };
  }
}
