package io.github.tornadovit.kernels.tokens;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.PlainWeights;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.program.Buffer;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Class (and distillation) tokens before the patches, and positions: one thread per element.
 *
 * <p>Math: {@code y[b,t,:] = (t < prefix ? prefixTokens[t,:] : x[b,t - prefix,:]) + (positioned ?
 * positions[t,:] : 0)}.
 *
 * <p>Shapes: {@code x [B, T - prefix, D], y [B, T, D]} f32; from {@code w[prefixAt]} on {@code
 * prefixTokens [prefix, D]}, from {@code w[positionsAt]} on {@code positions [T, D]}, nothing when
 * positioned is 0.
 *
 * <p>Grid: ceil(B·T·D / 128) groups of 128. A grid is given although nothing is shared: under a
 * grid scheduler TornadoVM takes the size of the grid for the bound of a {@code @Parallel} loop,
 * and without one its PTX back end launched a single thread.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoEmbedTokens implements DeviceOperation {
  private final EmbedTokens embed;
  private final PackedWeight weights;

  /** The kernel of an operation. */
  public TornadoEmbedTokens(EmbedTokens embed) {
    this.embed = embed;
    weights = PlainWeights.of(embed.prefix(), embed.positions());
  }

  @Override
  public List<PackedWeight> weights() {
    return List.of(weights);
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    return List.of(
        Launch.elementwise("embed_tokens", Math.multiplyExact(batch, embed.output().size())));
  }

  @Override
  public void record(TaskRecorder recorder) {
    Place w = recorder.place(weights);
    Buffer tokens = embed.output();
    int rows = Math.multiplyExact(recorder.batch(), tokens.rows());
    recorder.task(
        TornadoEmbedTokens::embed,
        recorder.array(embed.patches()),
        w.array(),
        recorder.array(tokens),
        w.offset(),
        w.offset() + embed.prefixTokens() * tokens.columns(),
        rows,
        tokens.rows(),
        tokens.columns(),
        embed.prefixTokens(),
        embed.positions() == null ? 0 : 1);
  }

  /** The kernel. */
  public static void embed(
      KernelContext context,
      IntArray launches,
      FloatArray patches,
      FloatArray w,
      FloatArray tokens,
      int prefixAt,
      int positionsAt,
      int rows,
      int perImage,
      int width,
      int prefix,
      int positioned) {
    Launches.count(context, launches);
    int at = context.globalIdx;
    if (at < rows * width) {
      int row = at / width;
      int t = row % perImage;
      int inTable = t * width + at - row * width;
      float value;
      if (t < prefix) {
        value = w.get(prefixAt + inTable);
      } else {
        value = patches.get(at - (row / perImage + 1) * prefix * width);
      }
      if (positioned > 0) {
        value += w.get(positionsAt + inTable);
      }
      tokens.set(at, value);
    }
  }
}
