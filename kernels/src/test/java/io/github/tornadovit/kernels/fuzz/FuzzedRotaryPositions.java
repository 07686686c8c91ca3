package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Map;
import java.util.Random;

/** Rotary positions behind any number of prefix tokens, by factors that need be no rotations. */
final class FuzzedRotaryPositions implements OperationTarget {

  @Override
  public Class<? extends Operation> type() {
    return RotaryPositions.class;
  }

  @Override
  public Parameters draw(Random random, int most) {
    Parameters parameters =
        new Parameters()
            .put("batch", 1 + random.nextInt(3))
            .size("tokens", random, most)
            .put("heads", 1 + random.nextInt(4))
            .size("half", random, Math.min(150, most));
    return parameters.put("prefix", random.nextInt(parameters.get("tokens")));
  }

  @Override
  public Trial trial(Parameters parameters, ValueSource values) {
    int batch = parameters.get("batch");
    int heads = parameters.get("heads");
    int size = 2 * parameters.get("half");
    Buffer qkv = new Buffer("qkv", parameters.get("tokens"), 3 * heads * size);
    Buffer y = new Buffer("y", qkv.rows(), qkv.columns());
    float[] input = values.mixed(batch * qkv.rows(), qkv.columns(), column -> true);
    Weight rotations = values.factor("rotations", qkv.rows() - parameters.get("prefix"), size);
    values.plant();
    RotaryPositions op = new RotaryPositions(qkv, heads, rotations, y);
    return new Trial(op, batch, Map.of(qkv, input), smallest -> bounds(op, input, smallest));
  }

  private static double[] bounds(RotaryPositions op, float[] x, double smallest) {
    int size = op.headSize();
    float[] rotations = op.rotations().toArray();
    double[] bounds = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int row = i / op.qkv().columns();
      int patch = row % op.qkv().rows() - op.prefixTokens();
      int j = i % size;
      if (patch < 0 || i % op.qkv().columns() >= 2 * op.heads() * size) {
        bounds[i] = smallest;
        continue;
      }
      int half = size / 2;
      int cosine = patch * size + j % half;
      SumBound sum = new SumBound();
      sum.add(x[i], rotations[cosine]);
      sum.add(x[j < half ? i + half : i - half], rotations[cosine + half]);
      bounds[i] = sum.overflows() ? SumBound.FREE : sum.error(0, smallest);
    }
    return bounds;
  }
}
