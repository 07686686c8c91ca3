package io.github.tornadovit.kernels.patch;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tile;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.linear.TornadoLinear;
import io.github.tornadovit.kernels.program.Buffer;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The patch embedding in two kernels: patches are gathered into rows (im2col), one thread per
 * element, then multiplied by {@link TornadoLinear}.
 *
 * <p>Math: {@code p[b P + i, (c p_h + y) p_w + x] = pixels[b, c, down p_h + y, across p_w + x]}
 * with i = down (width / p_w) + across.
 *
 * <p>Shapes: {@code pixels [B, C, height, width], p [B P, k]} f32, P = (height / p_h) (width / p_w)
 * rounded down, k = C p_h p_w.
 *
 * <p>Grid: ceil(B·P·k / 128) groups of 128. Cost: reads and writes B·P·k floats; memory-bound.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoPatchEmbedding implements DeviceOperation {
  private final PatchEmbedding patch;
  private final Buffer patches;
  private final TornadoLinear product;

  /** The kernels of an operation. */
  public TornadoPatchEmbedding(PatchEmbedding patch) {
    this.patch = patch;
    Buffer output = patch.output();
    patches = new Buffer("patches of " + output.name(), output.rows(), patch.weight().columns());
    product =
        new TornadoLinear(
            "patch_embedding", Linear.of(patches, patch.weight(), patch.bias(), output));
  }

  @Override
  public List<PackedWeight> weights() {
    return product.weights();
  }

  @Override
  public Tile tile(int rows, Tiling tiling) {
    return product.tile(rows, tiling);
  }

  @Override
  public List<Buffer> scratch() {
    List<Buffer> scratch = new ArrayList<>(product.scratch());
    scratch.add(patches);
    return scratch;
  }

  @Override
  public long preparedBytes() {
    return 2L * Float.BYTES * patches.size();
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    List<Launch> launches = new ArrayList<>();
    launches.add(Launch.elementwise("patches", Math.multiplyExact(batch, patches.size())));
    launches.addAll(product.launches(batch, tiling));
    return launches;
  }

  @Override
  public void record(TaskRecorder recorder) {
    int elements = Math.multiplyExact(recorder.batch(), patches.size());
    recorder.task(
        TornadoPatchEmbedding::gather,
        recorder.array(patch.pixels()),
        recorder.array(patches),
        elements,
        patches.columns(),
        patch.patchHeight(),
        patch.patchWidth(),
        patch.height(),
        patch.width());
    product.record(recorder);
  }

  /** The kernel. */
  public static void gather(
      KernelContext context,
      IntArray launches,
      FloatArray pixels,
      FloatArray patches,
      int elements,
      int k,
      int patchHeight,
      int patchWidth,
      int height,
      int width) {
    Launches.count(context, launches);
    int at = context.globalIdx;
    if (at < elements) {
      int row = at / k;
      int column = at - row * k;
      int across = width / patchWidth;
      int perImage = height / patchHeight * across;
      int image = row / perImage;
      int inImage = row - image * perImage;
      int down = inImage / across;
      int channel = column / (patchHeight * patchWidth);
      int inPatch = column - channel * patchHeight * patchWidth;
      int y = inPatch / patchWidth;
      int channels = k / (patchHeight * patchWidth);
      int line = (image * channels + channel) * height + down * patchHeight + y;
      patches.set(
          at,
          pixels.get(
              line * width + (inImage - down * across) * patchWidth + inPatch - y * patchWidth));
    }
  }
}
