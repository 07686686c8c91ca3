package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import java.util.Map;
import java.util.Random;

/** Patch embeddings, with patches and images that are not square and do not fit each other. */
final class FuzzedPatchEmbedding implements OperationTarget {

  @Override
  public Class<? extends Operation> type() {
    return PatchEmbedding.class;
  }

  @Override
  public Parameters draw(Random random, int most) {
    return new Parameters()
        .put("batch", 1 + random.nextInt(3))
        .put("channels", 1 + random.nextInt(4))
        .size("height", random, Math.min(20, most))
        .size("width", random, Math.min(20, most))
        .put("down", 1 + random.nextInt(8))
        .put("across", 1 + random.nextInt(8))
        .put("below", random.nextInt(3))
        .put("beside", random.nextInt(3))
        .size("n", random, 2 * most);
  }

  @Override
  public Trial trial(Parameters parameters, ValueSource values) {
    int batch = parameters.get("batch");
    int channels = parameters.get("channels");
    int patchHeight = parameters.get("height");
    int patchWidth = parameters.get("width");
    int patches = parameters.get("down") * parameters.get("across");
    // What lies below and beside the last whole patch is less than one patch.
    int height = parameters.get("down") * patchHeight + parameters.get("below") % patchHeight;
    int width = parameters.get("across") * patchWidth + parameters.get("beside") % patchWidth;
    int n = parameters.get("n");
    Buffer pixels = new Buffer("pixels", channels * height, width);
    Buffer y = new Buffer("y", patches, n);
    float[] image = values.activations(batch * pixels.rows(), width);
    PatchEmbedding op =
        new PatchEmbedding(
            pixels,
            channels,
            patchHeight,
            patchWidth,
            values.factor("w", n, channels * patchHeight * patchWidth),
            values.summand("bias", 1, n),
            y);
    values.plant();
    return new Trial(
        op, batch, Map.of(pixels, image), smallest -> bounds(op, batch, image, smallest));
  }

  private static double[] bounds(PatchEmbedding op, int batch, float[] pixels, double smallest) {
    float[] w = op.weight().toArray();
    float[] bias = op.bias().toArray();
    int n = op.output().columns();
    double[] bounds = new double[batch * op.output().size()];
    for (int i = 0; i < bounds.length; i++) {
      int patch = i / n % op.output().rows();
      int image = i / op.output().size();
      int across = op.width() / op.patchWidth();
      SumBound sum = new SumBound();
      sum.add(bias[i % n]);
      int at = i % n * op.weight().columns();
      for (int channel = 0; channel < op.channels(); channel++) {
        for (int dy = 0; dy < op.patchHeight(); dy++) {
          int line = (image * op.channels() + channel) * op.height();
          int row = line + patch / across * op.patchHeight() + dy;
          for (int dx = 0; dx < op.patchWidth(); dx++) {
            int column = patch % across * op.patchWidth() + dx;
            sum.add(pixels[row * op.width() + column], w[at++]);
          }
        }
      }
      bounds[i] = sum.overflows() ? SumBound.FREE : sum.error(1, smallest) + smallest;
    }
    return bounds;
  }
}
