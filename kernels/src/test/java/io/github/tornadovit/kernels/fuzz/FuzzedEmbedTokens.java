package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import java.util.Map;
import java.util.Random;

/** Prefix tokens and positions. */
final class FuzzedEmbedTokens implements OperationTarget {

  @Override
  public Class<? extends Operation> type() {
    return EmbedTokens.class;
  }

  @Override
  public Parameters draw(Random random, int most) {
    return new Parameters()
        .put("batch", 1 + random.nextInt(4))
        .size("patches", random, most)
        .put("prefix", random.nextInt(5))
        .size("width", random, 2 * most)
        .flag("positions", random);
  }

  @Override
  public Trial trial(Parameters parameters, ValueSource values) {
    int batch = parameters.get("batch");
    int prefix = parameters.get("prefix");
    int tokens = parameters.get("patches") + prefix;
    int width = parameters.get("width");
    Buffer y = new Buffer("y", tokens, width);
    Buffer x = new Buffer("x", parameters.get("patches"), width);
    float[] patches = values.activations(batch * x.rows(), width);
    EmbedTokens op =
        new EmbedTokens(
            x,
            prefix == 0 ? null : values.summand("prefix", prefix, width),
            prefix == 0 || parameters.is("positions")
                ? values.summand("positions", tokens, width)
                : null,
            y);
    values.plant();
    float[] first = op.prefix() == null ? new float[0] : op.prefix().toArray();
    float[] positions = op.positions() == null ? null : op.positions().toArray();
    return new Trial(
        op,
        batch,
        Map.of(x, patches),
        smallest -> {
          double[] bounds = new double[batch * y.size()];
          for (int i = 0; i < bounds.length; i++) {
            int inImage = i % y.size();
            SumBound sum = new SumBound();
            int inPatches = i / y.size() * x.size() + inImage - first.length;
            sum.add(inImage < first.length ? first[inImage] : patches[inPatches]);
            sum.add(positions == null ? 0 : positions[inImage]);
            // One addition: the reference, which rounds twice, may be off as well.
            bounds[i] =
                positions == null
                    ? FuzzedPooling.moved(smallest)
                    : sum.overflows()
                        ? SumBound.FREE
                        : SumBound.roundings(2) * sum.magnitude() + FuzzedPooling.moved(smallest);
          }
          return bounds;
        });
  }
}
