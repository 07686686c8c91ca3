package io.github.tornadovit.kernels.patch;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;

/**
 * The patch embedding (Dosovitskiy et al. 2021, eq. 1): a convolution whose stride is its kernel
 * size, so a product of each flattened patch with the kernel: {@code y[b, i, :] = W patch_i +
 * bias}, patches in row-major order.
 *
 * <p>Shapes: {@code pixels [B, C, height, width]} as a buffer of {@code C height} rows and {@code
 * width} columns; {@code W [D, C p_h p_w]}, a patch flattened in (channel, y, x) order; {@code bias
 * [D]}; {@code y [B, P, D]} with {@code P = (height / p_h) (width / p_w)}, both rounded down.
 * Pixels beyond the last whole patch are not read.
 *
 * <p>NaN and infinities: one in a patch reaches that patch's row of y, one in row n of W or element
 * n of bias reaches column n.
 *
 * @param pixels normalised pixel values
 * @param channels C
 * @param patchHeight p_h
 * @param patchWidth p_w
 * @param weight W
 * @param bias per output channel
 * @param output y
 */
public record PatchEmbedding(
    Buffer pixels,
    int channels,
    int patchHeight,
    int patchWidth,
    Weight weight,
    Weight bias,
    Buffer output)
    implements Operation {

  public PatchEmbedding {
    require(
        channels >= 1 && pixels.rows() % channels == 0,
        "patch embedding: %d channels, pixels %s",
        channels,
        pixels);
    require(
        patchHeight >= 1
            && patchWidth >= 1
            && patchHeight <= pixels.rows() / channels
            && patchWidth <= pixels.columns(),
        "patch embedding: patch %dx%d, pixels %s",
        patchHeight,
        patchWidth,
        pixels);
    require(
        weight.rows() == output.columns()
            && weight.columns() == channels * patchHeight * patchWidth,
        "patch embedding: weight %s, output %s",
        weight,
        output);
    require(
        bias.rows() == 1 && bias.columns() == output.columns(), "patch embedding: bias %s", bias);
    int patches = (pixels.rows() / channels / patchHeight) * (pixels.columns() / patchWidth);
    require(output.rows() == patches, "patch embedding: %d patches, output %s", patches, output);
  }

  /** Image height in pixels. */
  public int height() {
    return pixels.rows() / channels;
  }

  /** Image width in pixels. */
  public int width() {
    return pixels.columns();
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(pixels);
  }

  @Override
  public List<Weight> weights() {
    return List.of(weight, bias);
  }

  @Override
  public long flops() {
    return 2L * output.rows() * weight.rows() * weight.columns();
  }
}
