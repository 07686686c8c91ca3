package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Attention with and without bias, heads of any size, in one of its precisions. */
final class FuzzedAttention implements OperationTarget {
  private static final int SCALES = 5;

  private final Precision precision;

  FuzzedAttention(Precision precision) {
    this.precision = precision;
  }

  @Override
  public Class<? extends Operation> type() {
    return Attention.class;
  }

  @Override
  public String name() {
    return precision == Precision.F32 ? "attention" : precision.label() + "-attention";
  }

  @Override
  public Parameters draw(Random random, int most) {
    return parameters(random, most);
  }

  static Parameters parameters(Random random, int most) {
    return new Parameters()
        .put("batch", 1 + random.nextInt(2))
        .size("tokens", random, most)
        .put("heads", 1 + random.nextInt(4))
        .size("size", random, Math.min(300, most))
        .put("scale", random.nextInt(SCALES))
        .flag("bias", random)
        .flag("largeKeys", random);
  }

  static float scale(Parameters parameters) {
    return switch (parameters.get("scale")) {
      case 0 -> 1;
      case 1 -> 0;
      case 2 -> -0.7f;
      case 3 -> 40;
      default -> (float) (1 / Math.sqrt(parameters.get("size")));
    };
  }

  static Buffer qkv(Parameters parameters) {
    int columns = 3 * parameters.get("heads") * parameters.get("size");
    return new Buffer("qkv", parameters.get("tokens"), columns);
  }

  /** Either the queries and keys are activations, of any size, or the values are. */
  static float[] contents(Parameters parameters, ValueSource values) {
    Buffer qkv = qkv(parameters);
    int keysEnd = qkv.columns() / 3 * 2;
    boolean largeKeys = parameters.is("largeKeys");
    return values.mixed(
        parameters.get("batch") * qkv.rows(),
        qkv.columns(),
        column -> column < keysEnd == largeKeys);
  }

  static @Nullable Weight bias(Parameters parameters, ValueSource values) {
    int tokens = parameters.get("tokens");
    return parameters.is("bias")
        ? values.factor("bias", parameters.get("heads") * tokens, tokens)
        : null;
  }

  @Override
  public Trial trial(Parameters parameters, ValueSource values) {
    int batch = parameters.get("batch");
    Buffer qkv = qkv(parameters);
    Buffer y = new Buffer("y", qkv.rows(), qkv.columns() / 3);
    float[] contents = contents(parameters, values);
    Weight bias = bias(parameters, values);
    values.plant();
    Attention op =
        new Attention(qkv, parameters.get("heads"), scale(parameters), bias, precision, y);
    return new Trial(
        op,
        batch,
        Map.of(qkv, contents),
        // An infinite value times a weight that vanishes in float32 is NaN.
        false,
        smallest -> bounds(op, batch, contents, smallest));
  }

  private static double[] bounds(Attention op, int batch, float[] qkv, double least) {
    int tokens = op.qkv().rows();
    int size = op.headSize();
    boolean bf16 = op.precision() == Precision.BF16;
    // In bf16 subnormal numbers count as zeros everywhere.
    double smallest = bf16 ? Math.max(least, Float.MIN_NORMAL) : least;
    SoftmaxBound.Layout layout =
        new SoftmaxBound.Layout(
            bf16 ? rounded(qkv) : qkv, tokens, op.heads(), size, op.scale(), op.bias());
    double[] bounds = new double[batch * op.output().size()];
    for (int image = 0; image < batch; image++) {
      for (int head = 0; head < op.heads(); head++) {
        for (int query = 0; query < tokens; query++) {
          SoftmaxBound softmax = new SoftmaxBound(layout, image, head, query, smallest);
          int row = (image * tokens + query) * op.output().columns() + head * size;
          for (int i = 0; i < size; i++) {
            bounds[row + i] = bound(softmax, bf16, layout, image, head, i, smallest);
          }
        }
      }
    }
    return bounds;
  }

  private static float[] rounded(float[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = Bf16.round(values[i]);
    }
    return rounded;
  }

  private static double bound(
      SoftmaxBound softmax,
      boolean bf16,
      SoftmaxBound.Layout layout,
      int image,
      int head,
      int i,
      double smallest) {
    double weighted = 0;
    double error = 0;
    double all = 0;
    for (int key = 0; key < layout.tokens(); key++) {
      double value = Math.abs(layout.at(2, image, head, key, i));
      if (Double.isFinite(value)) {
        weighted += softmax.weight(key) * value;
        error += (softmax.error(key) + (bf16 ? softmax.otherCode(key) : 0)) * value;
        all += value;
      }
    }
    return softmax.free() || SumBound.overflows(all)
        ? SumBound.FREE
        : error
            + SumBound.roundings(layout.tokens() + 8) * weighted
            + smallest * (2 * layout.tokens() + 2);
  }
}
