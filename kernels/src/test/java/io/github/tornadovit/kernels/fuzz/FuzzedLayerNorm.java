package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import java.util.Map;
import java.util.Random;

/** Layer normalisation, in place and not. */
final class FuzzedLayerNorm implements OperationTarget {
  private static final float[] EPSILONS = {1e-12f, 1e-6f, 1e-5f, 1e-3f};

  @Override
  public Class<? extends Operation> type() {
    return LayerNorm.class;
  }

  @Override
  public Parameters draw(Random random, int most) {
    return new Parameters()
        .put("batch", 1 + random.nextInt(3))
        .size("rows", random, most)
        .size("width", random, 8 * most)
        .put("eps", random.nextInt(EPSILONS.length))
        .flag("inPlace", random);
  }

  @Override
  public Trial trial(Parameters parameters, ValueSource values) {
    int batch = parameters.get("batch");
    int width = parameters.get("width");
    Buffer x = new Buffer("x", parameters.get("rows"), width);
    Buffer y = parameters.is("inPlace") ? x : new Buffer("y", x.rows(), width);
    float[] contents = values.activations(batch * x.rows(), width);
    float eps = EPSILONS[parameters.get("eps")];
    LayerNorm op =
        new LayerNorm(
            x, values.factor("weight", 1, width), values.factor("bias", 1, width), eps, y);
    values.plant();
    float[] weight = op.weight().toArray();
    float[] bias = op.bias().toArray();
    return new Trial(
        op,
        batch,
        Map.of(x, contents),
        // Times an infinite weight, a difference of the wrong sign is another infinity.
        false,
        smallest -> {
          double[] bounds = new double[contents.length];
          for (int row = 0; row < bounds.length; row += width) {
            NormBound bound = NormBound.of(contents, row, width, eps, smallest);
            for (int i = 0; i < width; i++) {
              bounds[row + i] = bound.of(contents[row + i], weight[i], bias[i]);
            }
          }
          return bounds;
        });
  }
}
