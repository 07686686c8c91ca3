package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Map;
import java.util.Random;

/** The weights of attention, of each head or their mean. */
final class FuzzedAttentionWeights implements OperationTarget {

  @Override
  public Class<? extends Operation> type() {
    return AttentionWeights.class;
  }

  @Override
  public Parameters draw(Random random, int most) {
    return FuzzedAttention.parameters(random, most).flag("mean", random);
  }

  @Override
  public Trial trial(Parameters parameters, ValueSource values) {
    int batch = parameters.get("batch");
    int heads = parameters.get("heads");
    Buffer qkv = FuzzedAttention.qkv(parameters);
    int maps = parameters.is("mean") ? 1 : heads;
    Buffer y = new Buffer("weights", maps * qkv.rows(), qkv.rows());
    float[] contents = FuzzedAttention.contents(parameters, values);
    Weight bias = FuzzedAttention.bias(parameters, values);
    values.plant();
    AttentionWeights op =
        new AttentionWeights(qkv, heads, FuzzedAttention.scale(parameters), bias, y);
    return new Trial(
        op, batch, Map.of(qkv, contents), true, smallest -> bounds(op, batch, contents, smallest));
  }

  private static double[] bounds(AttentionWeights op, int batch, float[] qkv, double smallest) {
    int tokens = op.qkv().rows();
    int headsPerMap = op.heads() / op.maps();
    SoftmaxBound.Layout layout =
        new SoftmaxBound.Layout(qkv, tokens, op.heads(), op.headSize(), op.scale(), op.bias());
    double[] bounds = new double[batch * op.output().size()];
    for (int image = 0; image < batch; image++) {
      for (int head = 0; head < op.heads(); head++) {
        int map = image * op.maps() + head / headsPerMap;
        for (int query = 0; query < tokens; query++) {
          SoftmaxBound softmax = new SoftmaxBound(layout, image, head, query, smallest);
          for (int key = 0; key < tokens; key++) {
            double off =
                softmax.error(key) + SumBound.roundings(headsPerMap + 4) * softmax.weight(key);
            bounds[(map * tokens + query) * tokens + key] +=
                softmax.free() ? SumBound.FREE : off / headsPerMap + 2 * smallest;
          }
        }
      }
    }
    return bounds;
  }
}
